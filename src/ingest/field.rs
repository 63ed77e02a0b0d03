//! The fields that a column of an export can carry: the one list that profiles, aliases and `--map` name.

use std::fmt;
use std::str::FromStr;

macro_rules! fields {
    ($($(#[doc = $doc:literal])+ $name:ident = $key:literal,)+) => {
        /// What a column says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Field { $($(#[doc = $doc])+ $name,)+ }

        impl Field {
            /// All fields.
            pub const ALL: &[Field] = &[$(Field::$name,)+];

            /// The word used in profiles, in `--map` and in the ledger.
            pub fn key(self) -> &'static str {
                match self { $(Field::$name => $key,)+ }
            }
        }
    };
}

fields! {
    /// A known column that carries nothing we need.
    Nothing = "-",
    /// The platform's number of the review.
    ReviewId = "review_id",
    /// The review or append that this row belongs to.
    ParentId = "parent_id",
    /// Name of the platform, in files that hold several.
    Platform = "platform",
    /// Name or number of the shop.
    Shop = "shop",
    /// Listing.
    ProductId = "product_id",
    /// What is counted: the seller's code, or the variant's number.
    SkuId = "sku_id",
    /// The variant in words; several columns are joined.
    SkuText = "sku_text",
    /// Product title.
    ProductTitle = "product_title",
    /// The product's name in a web address.
    ProductHandle = "product_handle",
    /// Article number of trade.
    Gtin = "gtin",
    /// Stars of the product.
    Rating = "rating",
    /// A rating in words or as a flag: 好评/中评/差评, good/neutral/bad, 1/0/-1.
    RatingRaw = "rating_raw",
    /// The highest rating of the row's scale.
    RatingMax = "rating_max",
    /// The lowest rating of the row's scale.
    RatingMin = "rating_min",
    /// Product score beside the rating.
    RatingProduct = "rating_product",
    /// Courier score.
    RatingLogistics = "rating_logistics",
    /// Service score.
    RatingService = "rating_service",
    /// Headline.
    Title = "title",
    /// The verbatim; the first column that is not empty counts.
    Text = "text",
    /// A machine translation of the text: never the verbatim.
    TextTranslated = "text_translated",
    /// What was liked, in a field of its own.
    TextPros = "text_pros",
    /// What was disliked, in a field of its own.
    TextCons = "text_cons",
    /// A second text, about the service.
    TextService = "text_service",
    /// Follow-up review.
    AppendText = "append_text",
    /// When the follow-up was written.
    AppendTime = "append_time",
    /// Days between review and follow-up.
    AppendDays = "append_days",
    /// Marks a row that is itself a follow-up.
    IsAppend = "is_append",
    /// The seller's reply.
    Reply = "reply",
    /// When the seller replied.
    ReplyTime = "reply_time",
    /// When it was written; the first column that can be read counts.
    CreatedAt = "created_at",
    /// When the thing was bought.
    BoughtAt = "bought_at",
    /// The buyer, kept as a token only.
    Buyer = "buyer",
    /// E-mail address; used for the buyer's token if nothing better is there, never kept.
    Email = "email",
    /// Telephone number; used for nothing, never kept.
    Phone = "phone",
    /// Order, kept as a token only.
    OrderId = "order_id",
    /// A line of an order, kept as a token only.
    SuborderId = "suborder_id",
    /// Whether the purchase is confirmed.
    Verified = "verified",
    /// Whether the product was given away for the review.
    Vine = "vine",
    /// Votes.
    Helpful = "helpful",
    /// Pictures.
    Images = "images",
    /// Videos.
    Videos = "videos",
    /// Country.
    Country = "country",
    /// Province or place.
    Region = "region",
    /// Language.
    Lang = "lang",
    /// Address of the review.
    Url = "url",
    /// Where the review came from.
    Source = "source",
    /// Approved, spam, hidden.
    Moderation = "moderation",
    /// Marks the platform's own praise in place of a review.
    IsDefault = "is_default",
    /// Marks a review shown by several shops.
    IsSyndicated = "is_syndicated",
    /// Marks a row written by the seller or author: left out.
    IsSeller = "is_seller",
    /// Marks an internal note (public = false): left out.
    IsPublic = "is_public",
    /// Marks a part of a conversation that is no message; the profile lists what is.
    PartType = "part_type",
    /// Not empty and not 0: the row answers another one and is no review of its own.
    ReplyTo = "reply_to",
    /// Not empty: a rule of the shop wrote the message.
    Automatic = "automatic",
    /// How the sample was chosen, such as "4-5 star only".
    SampleFilter = "sample_filter",
    /// Tags given by the platform.
    PlatformTags = "platform_tags",
    /// The category a person gave.
    CategoryManual = "category_manual",
    /// Conversation.
    ConvId = "conv_id",
    /// Message.
    MsgId = "msg_id",
    /// When the message was sent.
    Ts = "ts",
    /// Who sent it, by name.
    Sender = "sender",
    /// Name of the agent in charge.
    Agent = "agent",
    /// Who sent it, by role.
    Role = "role",
    /// Text, picture, card, order.
    MsgType = "msg_type",
    /// The product that a chat is about.
    ProductRef = "product_ref",
    /// Service group.
    Group = "group",
    /// Where the chat took place.
    Channel = "channel",
    /// Tags of a conversation.
    Tags = "tags",
    /// Rating of the service by the customer.
    RatingCsat = "rating_csat",
    /// What the customer wrote with it.
    CsatComment = "csat_comment",
}

impl Field {
    /// True if the field belongs to a message of a chat.
    pub fn is_of_chat(self) -> bool {
        self >= Field::ConvId
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Field {
    type Err = ();

    fn from_str(key: &str) -> Result<Field, ()> {
        Field::ALL.iter().copied().find(|f| f.key() == key).ok_or(())
    }
}
