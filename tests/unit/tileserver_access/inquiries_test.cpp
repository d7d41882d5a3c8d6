#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/tileserver_access/world.hpp"

namespace ritchi::access {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using enum InquiryState;

NewInquiry about_a_site() {
  NewInquiry out;
  out.site = InquirySite{"factory_sites", 7};
  out.municipality_code = "15202";
  out.message = "2027年度の着工を検討しています";
  out.contact = "tanaka@example.jp";
  return out;
}
NewInquiry like_this() {
  NewInquiry out = about_a_site();
  out.site.reset();
  out.municipality_code.clear();
  out.like_json = R"({"criteria":[{"fact":"area_ha","min":5}]})";
  return out;
}

struct Offices : World {
  Caller acme = caller(company("ACME"));
  Caller other = caller(company("別会社"));
  Caller nagaoka = caller(municipality({"15202"}));
  Caller joetsu = caller(municipality({"15222"}, "上越市"));
  Caller centre = caller(administrator());

  Transition to(std::optional<InquiryState> state, std::int64_t version, std::string reason = "") {
    Transition out;
    out.to = state;
    out.version = version;
    out.reason = std::move(reason);
    return out;
  }
  std::string refused(const Caller& by, const Inquiry& inquiry, const Transition& transition) {
    return error_of([&] { inquiries.move(by, inquiry.reference, transition); });
  }
};

TEST(Inquiries, ReachTheOperatorAndTheSitesMunicipality) {
  Offices world;
  const Inquiry asked = world.inquiries.ask(world.acme, about_a_site());
  EXPECT_EQ(asked.state, received);
  EXPECT_EQ(asked.informed_at, "2026-11-21T03:00:00Z");
  for (const Caller& who : {world.acme, world.nagaoka, world.centre}) {
    EXPECT_THAT(world.inquiries.list(who, INT64_MAX, 100), SizeIs(1)) << who.holder;
    EXPECT_TRUE(world.inquiries.find(who, asked.reference));
  }
  for (const Caller& who : {world.other, world.joetsu, Caller{}}) {
    EXPECT_THAT(world.inquiries.list(who, INT64_MAX, 100), IsEmpty()) << who.holder;
    EXPECT_FALSE(world.inquiries.find(who, asked.reference));
    EXPECT_THAT(world.refused(who, asked, world.to(closed, 1, "other")), StartsWith("not-found: "));
  }
}

TEST(Inquiries, WithoutASiteReachTheMunicipalityThatTheOperatorNames) {
  Offices world;
  const Inquiry asked = world.inquiries.ask(world.acme, like_this());
  EXPECT_EQ(asked.informed_at, "");
  EXPECT_THAT(world.inquiries.list(world.nagaoka, INT64_MAX, 100), IsEmpty());
  Transition step = world.to(with_municipality, 1);
  EXPECT_THAT(world.refused(world.centre, asked, step), HasSubstr("municipality_code"));
  step.municipality_code = "15202";
  world.now += 60;
  EXPECT_EQ(world.inquiries.move(world.centre, asked.reference, step).informed_at, "2026-11-21T03:01:00Z");
  EXPECT_THAT(world.inquiries.list(world.nagaoka, INT64_MAX, 100), SizeIs(1));
}

TEST(Inquiries, GoThroughTheirStatesAndNoOtherWay) {
  Offices world;
  const InquiryState all[] = {received, with_municipality, introduced, closed};
  for (const InquiryState from : all)
    for (const InquiryState to : all) {
      const bool next = static_cast<int>(to) == static_cast<int>(from) + 1;
      EXPECT_EQ(may_follow(from, to), from != closed && (next || to == closed))
          << name_of(from) << name_of(to);
    }
  const Inquiry asked = world.inquiries.ask(world.acme, about_a_site());
  EXPECT_THAT(world.refused(world.centre, asked, world.to(introduced, 1)), StartsWith("conflict: to"));
  world.inquiries.move(world.nagaoka, asked.reference, world.to(with_municipality, 1));
  world.inquiries.move(world.centre, asked.reference, world.to(introduced, 2));
  EXPECT_THAT(world.refused(world.centre, asked, world.to(closed, 3)), HasSubstr("reason"));
  EXPECT_THAT(world.refused(world.centre, asked, world.to(closed, 3, "because")), HasSubstr("reason"));
  const Inquiry done = world.inquiries.move(world.centre, asked.reference, world.to(closed, 3, "agreed"));
  EXPECT_EQ(done.state, closed);
  EXPECT_EQ(done.reason, "agreed");
  EXPECT_EQ(done.version, 4);
  EXPECT_THAT(world.refused(world.centre, asked, world.to(received, 4)), StartsWith("conflict: "));
  const auto trail = world.inquiries.steps(world.centre, done);
  ASSERT_THAT(trail, SizeIs(4));
  EXPECT_FALSE(trail[0].from);
  EXPECT_EQ(trail[1].by_holder, "長岡市");
  EXPECT_EQ(trail[3].from, introduced);
  EXPECT_EQ(trail[3].to, closed);
}

TEST(Inquiries, OfTwoWhoDecideAtOnceTheSecondIsTold) {
  Offices world;
  const Inquiry asked = world.inquiries.ask(world.acme, about_a_site());
  world.inquiries.move(world.nagaoka, asked.reference, world.to(with_municipality, asked.version));
  EXPECT_THAT(world.refused(world.centre, asked, world.to(closed, asked.version, "other")),
              StartsWith("conflict: version"));
  EXPECT_EQ(world.inquiries.find(world.acme, asked.reference)->state, with_municipality);
}

TEST(Inquiries, AreOnlyWithdrawnByWhomTheyAreOf) {
  Offices world;
  const Inquiry asked = world.inquiries.ask(world.acme, about_a_site());
  EXPECT_THAT(world.refused(world.acme, asked, world.to(with_municipality, 1)), StartsWith("forbidden: "));
  EXPECT_THAT(world.refused(world.acme, asked, world.to(closed, 1, "agreed")), StartsWith("forbidden: "));
  Transition step = world.to(with_municipality, 1);
  step.municipality_code = "15222";
  EXPECT_THAT(world.refused(world.nagaoka, asked, step), StartsWith("forbidden: "));
  EXPECT_THAT(world.refused(world.centre, asked, step), StartsWith("bad-input: municipality_code"));
  // Another key of the same company, as after a new one was given out.
  const Caller renewed = world.caller(company("ACME"));
  EXPECT_EQ(world.inquiries.move(renewed, asked.reference, world.to(closed, 1, "withdrawn")).state, closed);
  const Caller namesake = world.caller(municipality({"13"}, "ACME"));
  EXPECT_FALSE(world.inquiries.find(namesake, asked.reference)) << "of the same name, but no company";
}

TEST(Inquiries, NotesReachNobodyElse) {
  Offices world;
  const Inquiry asked = world.inquiries.ask(world.acme, about_a_site());
  Transition note = world.to(std::nullopt, 1);
  EXPECT_THAT(world.refused(world.centre, asked, note), StartsWith("bad-input: to"));
  note.note = "候補は内部の適地 12 番";
  world.inquiries.move(world.centre, asked.reference, note);
  note.version = 2;
  note.note = "町内で調整中";
  world.inquiries.move(world.nagaoka, asked.reference, note);
  note.version = 3;
  note.note = "来週ご連絡します";
  note.note_for = Role::company;
  world.inquiries.move(world.centre, asked.reference, note);
  const auto notes = [&](const Caller& caller) {
    std::string out;
    for (const InquiryStep& step : world.inquiries.steps(caller, asked)) out += step.note + "|";
    return out;
  };
  EXPECT_EQ(notes(world.acme), "|来週ご連絡します|") << "not even that there are others";
  EXPECT_EQ(notes(world.nagaoka), "|町内で調整中|来週ご連絡します|");
  EXPECT_EQ(notes(world.centre), "|候補は内部の適地 12 番|町内で調整中|来週ご連絡します|");
  note.version = 4;
  note.note_for = Role::administrator;
  EXPECT_THAT(world.refused(world.acme, asked, note), StartsWith("forbidden: "));
}

TEST(Inquiries, ThatSayTooLittleOrTooMuchAreRefused) {
  Offices world;
  const auto refused = [&](const NewInquiry& asked) {
    return error_of([&] { world.inquiries.ask(world.acme, asked); });
  };
  NewInquiry asked = about_a_site();
  asked.like_json = "{}";
  EXPECT_THAT(refused(asked), StartsWith("bad-input: site"));
  asked.site.reset();
  asked.like_json.clear();
  EXPECT_THAT(refused(asked), StartsWith("bad-input: site"));
  asked = about_a_site();
  asked.message = " 　";
  EXPECT_THAT(refused(asked), StartsWith("bad-input: message"));
  asked.message = std::string(Inquiries::max_message_bytes + 1, 'x');
  EXPECT_THAT(refused(asked), StartsWith("bad-input: message"));
  asked = about_a_site();
  asked.contact = "\xff";
  EXPECT_THAT(refused(asked), StartsWith("bad-input: contact"));
  EXPECT_THAT(error_of([&] { world.inquiries.ask({}, about_a_site()); }), StartsWith("unauthorized: "));
  EXPECT_THAT(world.inquiries.list(world.centre, INT64_MAX, 100), IsEmpty());
}

TEST(Inquiries, OfOneKeyAreSoManyADay) {
  Offices world;
  for (std::int64_t i = 0; i < Inquiries::most_asked_per_day; ++i)
    world.inquiries.ask(world.acme, about_a_site());
  EXPECT_THAT(error_of([&] { world.inquiries.ask(world.acme, about_a_site()); }), StartsWith("over-quota: "));
  world.inquiries.ask(world.other, about_a_site());
  world.now += 12 * 3600 - 1;
  EXPECT_THAT(error_of([&] { world.inquiries.ask(world.acme, about_a_site()); }), StartsWith("over-quota: "));
  ++world.now;  // midnight in Japan
  world.inquiries.ask(world.acme, about_a_site());
}

TEST(Inquiries, AreListedInPagesTheNewestFirst) {
  Offices world;
  for (int i = 0; i < 5; ++i) {
    world.inquiries.ask(world.acme, about_a_site());
    world.inquiries.ask(world.other, like_this());
  }
  const auto first = world.inquiries.list(world.acme, INT64_MAX, 3);
  ASSERT_THAT(first, SizeIs(3));
  const auto rest = world.inquiries.list(world.acme, first.back().number, 3);
  ASSERT_THAT(rest, SizeIs(2));
  EXPECT_GT(first.back().number, rest.front().number);
}

}  // namespace
}  // namespace ritchi::access
