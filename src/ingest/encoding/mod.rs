//! Bytes -> text: which encoding it is, and reading it piece by piece with no byte costing more than a character.

mod legacy;

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::bytes::Bytes;
use crate::error::{Error, Result};
use crate::said;
use crate::words::Said;

/// The encoding of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coding {
    /// As the ledger shows it: `utf-8`, `utf-8-sig`, `utf-16`, `gbk`, `gb18030`, `big5`, `shift_jis`, `windows-1252` ..
    pub name: &'static str,
    codec: &'static Encoding,
    /// Length of the byte order mark.
    skip: usize,
}

const fn coding(name: &'static str, codec: &'static Encoding, skip: usize) -> Coding {
    Coding { name, codec, skip }
}

/// How much of a file is looked at to tell the old encodings apart.
const SAMPLE: usize = 256 << 10;

/// Finds the encoding. `familiar` counts the column names that it knows in a text.
pub fn detect(bytes: &mut Bytes, familiar: &dyn Fn(&str) -> usize) -> Result<Coding> {
    let head = bytes.head(SAMPLE)?;
    if let Some(found) = by_mark(&head) {
        return Ok(found);
    }
    match utf8_health(bytes)? {
        Utf8::Clean => return Ok(coding("utf-8", UTF_8, 0)),
        // A few broken bytes in a file that is otherwise UTF-8, and not by chance.
        Utf8::Damaged => return Ok(coding("utf-8", UTF_8, 0)),
        Utf8::No => {}
    }
    legacy::tell(&head, familiar).ok_or_else(|| unknown(&bytes.name))
}

fn by_mark(head: &[u8]) -> Option<Coding> {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => return Some(coding("utf-8-sig", UTF_8, 3)),
        [0xFF, 0xFE, ..] => return Some(coding("utf-16", UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => return Some(coding("utf-16", UTF_16BE, 2)),
        _ => {}
    }
    // UTF-16 without a mark: line ends, commas and digits leave zeros on one side only.
    let half = head.len().min(8192) / 2;
    let zeros = |odd: usize| head.chunks_exact(2).take(half).filter(|pair| pair[odd] == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd > half / 20 && odd > 8 * even {
        Some(coding("utf-16", UTF_16LE, 0))
    } else if even > half / 20 && even > 8 * odd {
        Some(coding("utf-16", UTF_16BE, 0))
    } else {
        None
    }
}

enum Utf8 {
    Clean,
    Damaged,
    No,
}

/// Reads the whole file as strict UTF-8.
fn utf8_health(bytes: &mut Bytes) -> Result<Utf8> {
    bytes.rewind()?;
    let mut chunk = vec![0; 256 << 10];
    let (mut kept, mut good, mut bad) = (0usize, 0u64, 0u64);
    loop {
        let n = match bytes.read(&mut chunk[kept..]) {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(bytes.failed(e)),
        };
        let filled = kept + n;
        let mut at = 0;
        kept = 0;
        while at < filled {
            match std::str::from_utf8(&chunk[at..filled]) {
                Ok(_) => break,
                Err(err) => {
                    good += sequences(&chunk[at..at + err.valid_up_to()]);
                    at += err.valid_up_to();
                    match err.error_len() {
                        Some(len) => {
                            bad += 1;
                            at += len;
                        }
                        None if n > 0 => {
                            chunk.copy_within(at..filled, 0);
                            kept = filled - at;
                            break;
                        }
                        None => {
                            bad += 1;
                            break;
                        }
                    }
                }
            }
        }
        // Far from UTF-8: no need to read on.
        if n == 0 || (bad > 1000 && good < bad) {
            break;
        }
        // While nothing is broken, the good sequences need not be counted.
        if bad > 0 && at < filled && kept == 0 {
            good += sequences(&chunk[at..filled]);
        }
    }
    bytes.rewind()?;
    Ok(match bad {
        0 => Utf8::Clean,
        _ if good >= 20 * bad => Utf8::Damaged,
        _ => Utf8::No,
    })
}

/// Characters of more than one byte.
fn sequences(valid: &[u8]) -> u64 {
    valid.iter().filter(|b| **b >= 0xC0).count() as u64
}

/// A text that is read piece by piece from bytes of one encoding.
pub struct Decoded<R> {
    from: R,
    decoder: Decoder,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    done: bool,
    /// Characters that could not be read and became U+FFFD.
    pub broken: u64,
}

impl<R: Read> Decoded<R> {
    /// Text of this encoding; `from` stands at the start of the file.
    pub fn new(mut from: R, coding: Coding) -> io::Result<Decoded<R>> {
        let mut mark = [0; 4];
        from.read_exact(&mut mark[..coding.skip])?;
        let decoder = coding.codec.new_decoder_without_bom_handling();
        Ok(Decoded { from, decoder, raw: vec![0; 128 << 10], start: 0, end: 0, done: false, broken: 0 })
    }

    /// Appends more text; false at the end.
    pub fn more(&mut self, text: &mut String) -> io::Result<bool> {
        if self.done {
            return Ok(false);
        }
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.end = loop {
                match self.from.read(&mut self.raw) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
        }
        let last = self.end == 0;
        let room = self.decoder.max_utf8_buffer_length(self.end - self.start).unwrap_or(self.raw.len() * 3);
        text.reserve(room);
        let before = text.len();
        let (_, read, broken) = self.decoder.decode_to_string(&self.raw[self.start..self.end], text, last);
        self.start += read;
        self.done = last;
        if broken {
            self.broken += text[before..].matches('\u{FFFD}').count() as u64;
        }
        Ok(true)
    }
}

/// As much text as `limit` bytes of UTF-8, for looking at.
pub fn head_text(bytes: &mut Bytes, coding: Coding, limit: usize) -> Result<String> {
    bytes.rewind()?;
    let mut text = String::new();
    let read = Decoded::new(&mut *bytes, coding).and_then(|mut decoded| {
        while text.len() < limit && decoded.more(&mut text)? {}
        Ok(())
    });
    read.map_err(|e| bytes.failed(e))?;
    bytes.rewind()?;
    Ok(text)
}

/// No encoding fits.
fn unknown(name: &str) -> Error {
    let name = super::bytes::shown(name);
    Error::new("unknown_encoding", said!("{name}：认不出文字的编码", "{name}: the encoding of its text cannot be told"))
        .help(said!(
            "请用 Excel 或记事本另存为 UTF-8（CSV UTF-8），再导入",
            "save it as UTF-8 (CSV UTF-8) from Excel or an editor, and add that"
        ))
}

/// Refuses text that was decoded wrongly and saved again before it came here.
pub fn refuse_mojibake(name: &str, text: &str) -> Result<()> {
    let Some(history) = mojibake(text) else { return Ok(()) };
    let name = super::bytes::shown(name);
    let (zh, en) = (history.zh, history.en);
    Err(Error::new(
        "mojibake",
        said!(
            "{name}：文字已经乱码（{zh}），导入后统计没有意义",
            "{name}: the text is garbled ({en}); numbers from it would mean nothing"
        ),
    )
    .help(said!(
        "请回到原始导出文件；不要用会改编码的软件另存",
        "go back to the original export, and do not save it again with a program that changes the encoding"
    )))
}

/// How the text was garbled, if most of its lines that could tell say so.
fn mojibake(text: &str) -> Option<Said> {
    let lines: Vec<&str> =
        text.lines().filter(|l| l.chars().filter(|c| !c.is_ascii()).count() >= 4).take(400).collect();
    let most = |garbled: fn(&str) -> bool| {
        let found = lines.iter().filter(|l| garbled(l)).count();
        found > 0 && found * 2 > lines.len()
    };
    if most(utf8_as_latin) {
        Some(said!("UTF-8 被当作西文编码读过", "UTF-8 was read as Windows-1252"))
    } else if most(utf8_as_gb) {
        Some(said!("UTF-8 被当作 GBK 读过", "UTF-8 was read as GBK"))
    } else if most(gb_as_latin) {
        Some(said!("GBK 被当作西文编码读过", "GBK was read as Windows-1252"))
    } else {
        None
    }
}

/// The bytes of the text in an encoding; characters that it lacks are dropped.
fn bytes_in(text: &str, codec: &'static Encoding) -> Option<Vec<u8>> {
    let (mut out, mut lost, mut all) = (Vec::new(), 0, 0);
    let mut buffer = [0; 4];
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c as u8);
            continue;
        }
        all += 1;
        // Windows-1252 has no character for five bytes; wrong decoders pass them through as C1 controls.
        if codec == WINDOWS_1252 && matches!(c, '\u{80}'..='\u{9F}') {
            out.push(c as u32 as u8);
            continue;
        }
        let (bytes, _, unmappable) = codec.encode(c.encode_utf8(&mut buffer));
        if unmappable {
            lost += 1;
        } else {
            out.extend_from_slice(&bytes);
        }
    }
    (lost * 4 <= all).then_some(out)
}

/// Share of the non-ASCII bytes that form valid UTF-8 sequences of CJK characters.
fn cjk_share(bytes: &[u8]) -> f64 {
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let text = String::from_utf8_lossy(bytes);
    let cjk = text.chars().filter(|c| matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')).count();
    if high == 0 { 0.0 } else { 3.0 * cjk as f64 / high as f64 }
}

fn utf8_as_latin(line: &str) -> bool {
    bytes_in(line, WINDOWS_1252).is_some_and(|bytes| cjk_share(&bytes) > 0.7)
}

fn utf8_as_gb(line: &str) -> bool {
    bytes_in(line, GB18030).is_some_and(|bytes| cjk_share(&bytes) > 0.7)
}

fn gb_as_latin(line: &str) -> bool {
    let latin = |c: char| matches!(c, '\u{80}'..='\u{FF}');
    let (high, all) =
        line.chars().filter(|c| !c.is_ascii()).fold((0, 0), |(h, a), c| (h + usize::from(latin(c)), a + 1));
    high * 10 >= all * 8
        && bytes_in(line, WINDOWS_1252).is_some_and(|bytes| latin_run(&bytes) && legacy::like_gb(&bytes) > 0.8)
}

/// True if high bytes come in runs, as they do in no European language.
fn latin_run(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|w| w.iter().all(|b| *b >= 0xA0))
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_KR, KOI8_R, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1254};

    use super::super::bytes::{Input, Room};
    use super::*;

    const TEXT: &str =
        "评价编号,评价内容,评价时间\n1,这个杯子有点味道，晾了两天才散,2026-01-02\n2,很好看，孩子喜欢,2026-01-03\n";
    const TRADITIONAL: &str =
        "評論內容,評價時間\n品質很好，寄送速度也快，會再回購,2026-01-02\n顏色跟圖片不一樣，有點失望,2026-01-03\n";
    const JAPANESE: &str =
        "レビュー,日付\nとても使いやすいです。色もきれいで満足しています,2026-01-02\nすぐに壊れました,2026-01-03\n";
    const FRENCH: &str = "commentaire,date\nTrès déçu, le café a coulé partout,2026-01-02\n";

    const GERMAN: &str = "Datum;Bewertung\n1.1.24;Hält den Kaffee lange heiß, schöne Größe für unterwegs\n";
    const SPANISH: &str = "fecha;opinión\n1.1.24;La caja llegó rota y el niño no quiere la taza, ¿qué hago?\n";
    const POLISH: &str =
        "data;opinia\n1.1.24;Kubek dotarł pęknięty, ale obsługa szybko wymieniła go na nowy. Polecę każdemu\n";
    const TURKISH: &str = "tarih;yorum\n1.1.24;Ürün çok güzel ama kargo geç geldi, kapağı sızdırıyor, değiştirdim\n";
    const RUSSIAN: &str = "дата;отзыв\n1.1.24;Хорошая кружка, держит тепло. «Чёрная», как на фото; КРЫШКА протекает\n";
    const KOREAN: &str = "작성일,리뷰\n2026-01-02,보온이 아주 잘 되고 색상도 예뻐요. 아이가 좋아해요\n2026-01-03,뚜껑이 깨져서 왔어요 교환 부탁드립니다\n";
    const THAI: &str = "วันที่,รีวิว\n2026-01-02,เก็บความร้อนได้ดีมาก สีสวยตรงปก ส่งเร็ว\n2026-01-03,ฝาแตกตั้งแต่แกะกล่อง เสียใจมาก\n";

    fn found(bytes: &[u8]) -> (&'static str, String) {
        let mut bytes = Bytes::open(&Input::Bytes("x.csv", bytes), &Room::default()).unwrap();
        let coding = detect(&mut bytes, &|_| 0).unwrap();
        (coding.name, head_text(&mut bytes, coding, 1 << 20).unwrap())
    }

    fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn every_encoding_is_told_without_any_hint() {
        let unquoted = RUSSIAN.replace(['«', '»'], "");
        let emoji = format!("{TEXT}3,收到就坏了😡,2026-01-04\n");
        let cases: Vec<(&str, Vec<u8>, &str)> = vec![
            ("utf-8", TEXT.as_bytes().to_vec(), TEXT),
            ("utf-8-sig", [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(), TEXT),
            ("utf-16", utf16(TEXT, true, false), TEXT),
            ("utf-16", utf16(TEXT, true, true), TEXT),
            ("utf-16", utf16(TEXT, false, false), TEXT),
            ("utf-16", utf16(TEXT, false, true), TEXT),
            ("gbk", GB18030.encode(TEXT).0.into_owned(), TEXT),
            ("gb18030", GB18030.encode(&emoji).0.into_owned(), &emoji),
            ("big5", BIG5.encode(TRADITIONAL).0.into_owned(), TRADITIONAL),
            ("shift_jis", SHIFT_JIS.encode(JAPANESE).0.into_owned(), JAPANESE),
            ("windows-1252", WINDOWS_1252.encode(FRENCH).0.into_owned(), FRENCH),
            ("windows-1251", WINDOWS_1251.encode(RUSSIAN).0.into_owned(), RUSSIAN),
            ("koi8-r", KOI8_R.encode(&unquoted).0.into_owned(), &unquoted),
            ("windows-1250", WINDOWS_1250.encode(POLISH).0.into_owned(), POLISH),
            ("windows-1254", WINDOWS_1254.encode(TURKISH).0.into_owned(), TURKISH),
            ("windows-1252", WINDOWS_1252.encode(GERMAN).0.into_owned(), GERMAN),
            ("windows-1252", WINDOWS_1252.encode(SPANISH).0.into_owned(), SPANISH),
            ("euc-kr", EUC_KR.encode(KOREAN).0.into_owned(), KOREAN),
            ("windows-874", WINDOWS_874.encode(THAI).0.into_owned(), THAI),
            ("utf-8", b"id,text\n1,plain\n".to_vec(), "id,text\n1,plain\n"),
            ("utf-8", Vec::new(), ""),
        ];
        for (name, bytes, text) in cases {
            assert_eq!(found(&bytes), (name, text.to_string()));
        }
    }

    #[test]
    fn a_broken_byte_costs_one_character() {
        for codec in [UTF_8, GB18030] {
            let long = TEXT.repeat(20);
            let mut bytes = codec.encode(&long).0.into_owned();
            let at = bytes.len() / 2;
            let at = at + bytes[at..].iter().position(|b| *b == b'\n').unwrap();
            bytes.insert(at, 0xFF);
            let (_, text) = found(&bytes);
            assert_eq!(text.replace('\u{FFFD}', ""), long);
            assert_eq!(text.matches('\u{FFFD}').count(), 1);
        }
    }

    #[test]
    fn garbled_text_is_named_and_sound_text_is_not() {
        let as_latin = |bytes: &[u8]| -> String { bytes.iter().map(|b| *b as char).collect() };
        let through_1252 = WINDOWS_1252.decode(TEXT.as_bytes()).0.into_owned();
        let through_gb = GB18030.decode(TEXT.as_bytes()).0.into_owned();
        let gb = GB18030.encode(TEXT).0.into_owned();
        for (garbled, says) in [
            (through_1252, "UTF-8 was read as Windows-1252"),
            (as_latin(TEXT.as_bytes()), "UTF-8 was read as Windows-1252"),
            (through_gb, "UTF-8 was read as GBK"),
            (as_latin(&gb), "GBK was read as Windows-1252"),
        ] {
            assert_eq!(mojibake(&garbled).unwrap_or_else(|| panic!("{garbled}")).en, says);
        }
        for sound in [TEXT, TRADITIONAL, JAPANESE, FRENCH, "", "id,text\n", "naïveté, façade, ÀÉÈ, déjà vu\n"] {
            assert_eq!(mojibake(sound), None, "{sound}");
        }
    }
}
