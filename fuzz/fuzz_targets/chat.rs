//! Chat logs: any lines after a header of each known shape.

#![no_main]

use earful_fuzz::import;
use libfuzzer_sys::fuzz_target;

const SHAPES: [&str; 4] = [
    "买家01 (2026-01-03 12:00:01): 在吗\n示例店:小美 (2026-01-03 12:00:20): 在的亲\n",
    "买家01 2026-01-03 12:00:01\n在吗\n示例店:小美2026-01-03 12:00:20\n在的亲\n",
    "消息对象:客户一\n\n2026-01-09 9:12:03 客户一(10000001)\n在吗\n",
    "[2026-01-02 10:00:01] 买家: 在吗\n[2026-01-02 10:00:20] 示例店:小美: 在的亲\n",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let log = [SHAPES[usize::from(*first) % SHAPES.len()].as_bytes(), rest].concat();
    import("fuzz.txt", &log);
});
