// Text of Japanese files: what decodes must come back, what does not must be refused, never replaced.
#include "geodata/base/text.hpp"

#include <gtest/gtest.h>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"

namespace {

using namespace ritchi::base;

TEST(Decode, Cp932WithNecAndIbmExtensionsRoundTrips) {
  // ㈱ and ① (NEC row 13), 髙 and 﨑 (IBM), half-width kana, the wave dash as Windows has it.
  const std::string utf8 = "㈱東芝①髙﨑ｶﾅ～表";
  const auto bytes = encode(utf8, "CP932");
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(bytes->substr(0, 2), "\x87\x8A");
  EXPECT_EQ(decode(*bytes, "CP932"), utf8);
  EXPECT_FALSE(decode(*bytes, "UTF-8").has_value());
}

TEST(Decode, RefusesWhatIsNotInTheEncoding) {
  EXPECT_FALSE(decode("\x81", "CP932").has_value());  // half a character
  EXPECT_FALSE(decode("\xFF\xFE", "CP932").has_value());
  EXPECT_FALSE(decode("\xC0\xAF", "UTF-8").has_value());      // overlong
  EXPECT_FALSE(decode("\xED\xA0\x80", "UTF-8").has_value());  // a lone surrogate
  EXPECT_FALSE(encode("𠮷", "CP932").has_value());
  EXPECT_EQ(decode("\xF0\xA0\xAE\xB7", "UTF-8"), "𠮷");
  EXPECT_THROW(decode("a", "NO-SUCH-ENCODING"), Error);
}

TEST(Nfkc, FoldsWidthsForMatching) {
  EXPECT_EQ(nfkc("９，８２７（㎡）"), "9,827(m2)");
  EXPECT_EQ(nfkc("㈱ｶﾞ"), "(株)ガ");
  EXPECT_EQ(nfkc("\xFF"), "\xFF");
}

TEST(Trim, KnowsTheIdeographicSpace) {
  EXPECT_EQ(trim(" \t　長岡 市　\r\n"), "長岡 市");
  EXPECT_EQ(trim("　 　"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, FieldsDoNotRunTogether) {
  Sha256 one;
  one.add_field("ab");
  one.add_field("c");
  Sha256 two;
  two.add_field("a");
  two.add_field("bc");
  EXPECT_NE(one.hex(), two.hex());
}

TEST(Error, SpeaksTheCallersLanguageAndFallsBackToEnglish) {
  const Error both =
      Error(ErrorKind::not_found, "no such layer", "layer", "see the list").in_japanese("レイヤなし");
  EXPECT_STREQ(both.message_in("ja"), "レイヤなし");
  EXPECT_STREQ(both.message_in("en"), "no such layer");
  EXPECT_EQ(both.remedy_in("en"), "see the list");
  EXPECT_EQ(both.line(), "layer: no such layer (see the list)");
  EXPECT_STREQ(Error(ErrorKind::io, "full").message_in("ja"), "full");
}

TEST(Text, FoldsCaseAndTakesAccentsAwayButNotTheVoiceOfKana) {
  EXPECT_EQ(ritchi::base::case_folded("STRAßE Ø Ａ"), "strasse ø ａ");
  EXPECT_EQ(ritchi::base::without_accents("Chișinău e\u0301 Ōtsu"), "Chisinau e Otsu");
  EXPECT_EQ(ritchi::base::without_accents("が\u304b\u3099ぱ 工業"), "ががぱ 工業");
  EXPECT_EQ(ritchi::base::case_folded("\xff"), "\xff");
  EXPECT_EQ(ritchi::base::without_accents("\xff"), "\xff");
}

}  // namespace
