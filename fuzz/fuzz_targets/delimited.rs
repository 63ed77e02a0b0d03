//! Tables of text: any rows below a header that is known, in an encoding that the first byte chooses.

#![no_main]

use earful_fuzz::import;
use libfuzzer_sys::fuzz_target;

const HEADERS: [&[u8]; 4] = [
    "评价编号,评价内容,评价时间,评分\n1,很好,2026-01-02,5\n".as_bytes(),
    b"id\tcontent\tcreated_at\trating\n1\tgood\t2026-01-02\t5\n",
    b"content;date;stars\r\ngood;02.01.2026;5\r\n",
    // The first header in GBK.
    b"\xc6\xc0\xbc\xdb\xc4\xda\xc8\xdd,\xc6\xc0\xbc\xdb\xca\xb1\xbc\xe4\n\xba\xdc\xba\xc3,2026-01-02\n",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let table = [HEADERS[usize::from(*first) % HEADERS.len()], rest].concat();
    import("fuzz.csv", &table);
});
