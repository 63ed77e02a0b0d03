//! XML feeds, spreadsheets saved as XML, and HTML tables.

#![no_main]

use earful_fuzz::import;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let markup = match first % 3 {
        0 => format!(
            "<?xml version=\"1.0\"?><feed><reviews><review><content>good</content><rating>5</rating>\
             <created_at>2026-01-02</created_at></review><review>{text}</review></reviews></feed>"
        ),
        1 => format!(
            "<?xml version=\"1.0\"?><Workbook><Worksheet><Table><Row><Cell><Data>评价内容</Data></Cell><Cell><Data>评价时间\
             </Data></Cell></Row><Row>{text}</Row></Table></Worksheet></Workbook>"
        ),
        _ => format!("<html><table><tr><th>评价内容</th><th>评价时间</th></tr><tr>{text}</tr></table></html>"),
    };
    import("fuzz.xls", markup.as_bytes());
});
