//! Exports that no profile knows: as public data sets, crawlers and other back offices head their columns. No flag.

use earful::ingest::{self, Input, Settings};
use earful::words::{Ledger, Record};
use encoding_rs::{KOI8_R, WINDOWS_1251, WINDOWS_1252};

const WORDS: [&str; 6] = [
    "Fits as pictured and the colour is lovely, would buy it again",
    "Runs small, sent it back the next day",
    "The zip broke after two days and nobody answered my mail",
    "Keeps tea warm until the evening, no leaks so far",
    "Thinner than I thought, fine for the price",
    "My son takes it to school every day",
];

fn read(name: &str, bytes: &[u8]) -> Result<(Ledger, Vec<Record>), String> {
    let settings = Settings::new("示例店", [7; 32]);
    ingest::preview(Input::Bytes(name, bytes), &settings, usize::MAX).map_err(|err| err.code().to_string())
}

/// A table of six rows under these headers: `T` is a text, `S` stars, `D` a day, `N` a number of the row, and
/// anything else stands as it is.
fn table(headers: &str, cells: &str, delimiter: &str) -> String {
    let mut out = headers.replace(',', delimiter) + "\n";
    for (at, words) in WORDS.iter().enumerate() {
        let cell = |cell: &str| match cell {
            "T" => format!("\"{words}\""),
            "S" => [5, 1, 1, 5, 3, 4][at].to_string(),
            "D" => format!("2024-01-1{at}"),
            "N" => (5_000_017 + at * 37).to_string(),
            other => other.to_string(),
        };
        out += &(cells.split(',').map(cell).collect::<Vec<_>>().join(delimiter) + "\n");
    }
    out
}

/// What was read, as `header=field` for the fields that matter, in the order of the fields.
fn read_as(ledger: &Ledger) -> String {
    let of = |field: &str| {
        let headers = ledger.mapping.iter().filter(|(_, f)| *f == field).map(|(header, _)| header.as_str());
        let headers: Vec<&str> = headers.collect();
        (!headers.is_empty()).then(|| format!("{field}={}", headers.join("+")))
    };
    ["text", "title", "rating", "created_at", "reply"].into_iter().filter_map(of).collect::<Vec<_>>().join(" ")
}

#[test]
fn tables_of_the_public_are_read_without_a_flag() {
    let cases: &[(&str, &str, &str)] = &[
        (
            ",Clothing ID,Age,Title,Review Text,Rating,Recommended IND,Positive Feedback Count,Division Name,Department Name,Class Name",
            "N,N,33,Nice,T,S,1,0,General,Tops,Knits",
            "text=Review Text title=Title rating=Rating",
        ),
        (
            "review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp",
            "N,N,S,,T,D,D",
            "text=review_comment_message title=review_comment_title rating=review_score created_at=review_creation_date",
        ),
        (
            "Id,ProductId,UserId,ProfileName,HelpfulnessNumerator,HelpfulnessDenominator,Score,Time,Summary,Text",
            "N,B001,A,Ann,1,1,S,1303862400,Good,T",
            "text=Text title=Summary rating=Score created_at=Time",
        ),
        (
            "reviewId,userName,userImage,content,score,thumbsUpCount,reviewCreatedVersion,at,replyContent,repliedAt,appVersion",
            "N,Ann,https://x/a.png,T,S,0,1.2,D,Thank you,D,1.2",
            "text=content rating=score created_at=at reply=replyContent",
        ),
        (
            "Package Name,Reviewer Language,Device,Review Submit Date and Time,Review Last Update Date and Time,Star Rating,Review Title,Review Text,Developer Reply Text,Review Link",
            "com.x,en,oriole,D,D,S,,T,,https://x/1",
            "text=Review Text title=Review Title rating=Star Rating created_at=Review Submit Date and Time reply=Developer Reply Text",
        ),
        (
            "Product_name,Product_price,Rate,Review,Summary,Sentiment",
            "Cooler,3999,S,super!,T,positive",
            "text=Summary title=Review rating=Rate",
        ),
        (
            "Review Created (UTC),Review Username,Review Title,Review Content,Review Stars,Source Of Review,Domain URL,Company Reply Date (UTC),Company Reply",
            "D,Bob,Ok,T,S,Invitation,x.com,,",
            "text=Review Content title=Review Title rating=Review Stars created_at=Review Created (UTC) reply=Company Reply",
        ),
        (
            "return-date,order-id,sku,asin,fnsku,product-name,quantity,detailed-disposition,reason,customer-comments",
            "D,112-0000001-0000000,SKU-1,B0ABCDEF01,X001,Cup,1,DEFECTIVE,DEFECTIVE,T",
            "text=customer-comments created_at=return-date",
        ),
        (
            "review_id,productId,productTitle,author,email,reviewRating,reviewTitle,reviewMessage,reviewDate,reviewReply",
            "N,77,Cup,Ann,a@example.com,S,Ok,T,D,",
            "text=reviewMessage title=reviewTitle rating=reviewRating created_at=reviewDate reply=reviewReply",
        ),
        (
            "Nama Produk,Variasi,Username Pembeli,Bintang,Ulasan,Tanggal Ulasan,Balasan Penjual",
            "Botol,Hitam,ann,S,T,D,",
            "text=Ulasan rating=Bintang created_at=Tanggal Ulasan reply=Balasan Penjual",
        ),
        ("用户昵称,评分,点评内容,点评时间,房型", "a,S,T,D,大床房", "text=点评内容 rating=评分 created_at=点评时间"),
        // Names that nobody knows: the cells tell, and other times and other stars are passed over.
        (
            "guest,verdict,words of the guest,wrote date,reply date,checked date",
            "Ann,x,T,D,2024-02-01,2024-02-02",
            "text=words of the guest created_at=wrote date",
        ),
        ("用户ID,评论内容,会员级别,得分,购买时间", "N,T,PLUS会员,S,D", "text=评论内容 rating=得分 created_at=购买时间"),
        ("content,guest star value,shop average star", "T,S,4.7", "text=content rating=guest star value"),
    ];
    for (headers, cells, expected) in cases {
        for delimiter in [",", ";", "\t"] {
            let text = table(headers, cells, delimiter);
            let (ledger, records) = read("x.csv", text.as_bytes()).unwrap_or_else(|code| panic!("{headers}: {code}"));
            assert_eq!(read_as(&ledger), *expected, "{headers} by {delimiter:?}");
            assert_eq!((ledger.rows, ledger.kept, records.len()), (6, 6, 6), "{headers}");
            assert!(records[1].turns[0].text.contains(WORDS[1]), "{headers}: {:?}", records[1].turns);
        }
    }
}

#[test]
fn trees_of_the_public_are_read_without_a_flag() {
    let rows = |row: &dyn Fn(usize) -> serde_json::Value| (0..6).map(row).collect::<Vec<_>>();
    let apple = rows(&|at| {
        serde_json::json!({"author": {"name": {"label": "Bob"}, "uri": {"label": "u"}}, "im:rating": {"label": "4"},
            "updated": {"label": format!("2024-01-0{}T10:00:00-07:00", at + 1)}, "id": {"label": format!("109000{at}")},
            "title": {"label": "Nice"}, "content": {"label": WORDS[at], "attributes": {"type": "text"}}})
    });
    let jd = rows(&|at| {
        serde_json::json!({"mId": "x", "commentInfo": {"commentId": format!("T{at}abc"), "commentData": WORDS[at],
            "commentDate": format!("2025-05-0{}", at + 1), "commentScore": "5", "userNickName": "j***1"}})
    });
    let steam = rows(&|at| {
        serde_json::json!({"recommendationid": format!("1446{at}"), "language": "english", "review": WORDS[at],
            "timestamp_created": 1_704_103_200 + at, "timestamp_updated": 1_704_103_200, "voted_up": true})
    });
    let trust = rows(&|at| {
        serde_json::json!({"id": format!("5f00{at}"), "text": WORDS[at], "rating": 4, "title": "ok",
            "dates": {"experiencedDate": "2024-01-01T00:00:00Z", "publishedDate": format!("2024-01-0{}T10:00:00Z", at + 1)},
            "consumer": {"displayName": "Bob"}})
    });
    let cells = |of: &dyn Fn(usize) -> serde_json::Value| -> serde_json::Map<String, serde_json::Value> {
        (0..6000).map(|at| (at.to_string(), of(at))).collect()
    };
    let pandas = serde_json::json!({"review": cells(&|at| format!("{} {at}", WORDS[at % 6]).into()),
        "stars": cells(&|at| (at % 5 + 1).into()), "date": cells(&|at| (1_700_000_000_000u64 + at as u64 * 1000).into())});
    let cases = [
        (serde_json::json!({"feed": {"entry": apple}}), 6, "content.label"),
        (
            serde_json::json!({"result": {"floors": [{"mId": "head"}, {"mId": "list", "data": jd}]}}),
            6,
            "commentInfo.commentData",
        ),
        (serde_json::json!({"success": 1, "reviews": steam, "cursor": "A"}), 6, "review"),
        (trust.into(), 6, "text"),
        (pandas, 6000, "review"),
    ];
    for (tree, kept, text) in cases {
        let (ledger, records) =
            read("x.json", tree.to_string().as_bytes()).unwrap_or_else(|code| panic!("{text}: {code}"));
        assert_eq!(ledger.kept, kept, "{text}: {ledger:?}");
        assert!(ledger.mapping.iter().any(|(h, f)| h.ends_with(text) && f == "text"), "{text}: {:?}", ledger.mapping);
        assert!(records.iter().all(|record| record.time.is_some()), "{text}: {:?}", ledger.mapping);
    }
}

#[test]
fn old_code_pages_are_read_or_refused_by_name() {
    let russian =
        "Дата;Оценка;Текст отзыва\n2024-01-05;5;Отличная кружка, держит тепло\n2024-01-06;1;Пришла с трещиной\n";
    for (codec, name) in [(WINDOWS_1251, "windows-1251"), (KOI8_R, "koi8-r")] {
        let (ledger, records) = read("x.csv", &codec.encode(russian).0).unwrap();
        assert_eq!((ledger.encoding.as_str(), ledger.kept), (name, 2));
        assert_eq!(records[1].turns[0].text, "Пришла с трещиной");
    }
    let german =
        "Datum;Sterne;Bewertung\n05.01.2024;5;Hält den Kaffee lange heiß\n16.01.2024;1;Größe fällt klein aus\n";
    let (ledger, records) = read("x.csv", &WINDOWS_1252.encode(german).0).unwrap();
    assert_eq!(
        (ledger.encoding.as_str(), records[1].turns[0].text.as_str()),
        ("windows-1252", "Größe fällt klein aus")
    );
    // Bytes that are no text of any of them.
    let nonsense = [b"date,text\n".as_slice(), &b"\x80a\x80b".repeat(1000)].concat();
    assert_eq!(read("x.csv", &nonsense).unwrap_err(), "unknown_encoding");
}

/// Messengers in which small shops talk: who said what is told, and a dialog is one conversation.
#[test]
fn logs_of_messengers_become_conversations() {
    let qq = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n消息分组:我的好友\n消息对象:小美\n\n\
              2024-01-05 10:15:32 小美\n有现货吗？\n\n2024-01-05 10:16:02 小店\n亲，有的\n";
    let line = "[LINE] Chat history with Ann\nSaved on: 2024/02/01 10:00\n\n2024/01/05(Fri)\n\
                10:15\tAnn\tDoes it leak?\n10:16\tCup house\tNo, the lid is sealed\n10:17\tAnn\t[Sticker]\n";
    let android = "05/01/2024, 10:15 - Ann: Does it leak?\n05/01/2024, 10:16 - Cup Support: No, the lid is sealed\n\
                   05/01/2024, 10:17 - Ann: <Media omitted>\n16/01/2024, 10:17 - Ann: Thanks\n";
    let wechat = "id,type_name,is_sender,talker,msg,CreateTime\n1,文本,0,wxid_a,有现货吗？,2024-01-05 10:15:32\n\
                  2,文本,1,wxid_a,亲，有的,2024-01-05 10:16:02\n";
    let telegram = r#"{"name":"Ann","messages":[
        {"id":1,"type":"message","date":"2024-01-05T10:15:32","from":"Ann","text":"Where is my order?"},
        {"id":2,"type":"message","date":"2024-01-05T10:16:02","from":"Cup Support","text":"It ships today"}]}"#;
    let cases = [
        ("qq.txt", qq, "buyer 有现货吗？ | agent 亲，有的"),
        ("line.txt", line, "buyer Does it leak? | agent No, the lid is sealed | buyer [Sticker]"),
        ("whatsapp.txt", android, "buyer Does it leak? | agent No, the lid is sealed | buyer <Media omitted>"),
        ("wechat.csv", wechat, "buyer 有现货吗？ | agent 亲，有的"),
        ("result.json", telegram, "buyer Where is my order? | agent It ships today"),
    ];
    for (name, text, expected) in cases {
        let (ledger, records) = read(name, text.as_bytes()).unwrap_or_else(|code| panic!("{name}: {code}"));
        assert_eq!(
            (ledger.kept, ledger.days.as_ref().map(|d| d.0.as_str())),
            (ledger.rows, Some("2024-01-05")),
            "{name}"
        );
        let turns = records[0].turns.iter().take(3).map(|turn| format!("{} {}", turn.speaker.key(), turn.text));
        assert_eq!(turns.collect::<Vec<_>>().join(" | "), expected, "{name}");
    }
}
