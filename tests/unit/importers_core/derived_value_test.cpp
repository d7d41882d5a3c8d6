// Numbers that follow from others of the same record: unknown stays unknown, what the source says stays.
#include "importers/core/derived_value.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace ritchi::importers {
namespace {

using catalogue::AttributeType;
using catalogue::Value;

catalogue::Layer layer() {
  catalogue::Layer out;
  for (const auto& [name, type, unit] :
       {std::tuple{"a", AttributeType::real, "m3/day"}, std::tuple{"b", AttributeType::integer, "m3/day"},
        std::tuple{"c", AttributeType::real, "m3/day"}, std::tuple{"share", AttributeType::real, "%"},
        std::tuple{"whole", AttributeType::integer, ""}, std::tuple{"rank", AttributeType::text, ""}}) {
    catalogue::Attribute attribute;
    attribute.name = name;
    attribute.type = type;
    attribute.unit = unit;
    out.attributes.push_back(attribute);
  }
  out.attributes[4].minimum = 0;
  return out;
}

struct Applied {
  Value value;
  std::vector<load::Note> notes;
  std::string reason;
};

Applied apply(const std::string& to, Derivation::Kind kind, std::vector<std::string> of,
              std::vector<Value> values) {
  const auto layer_of_test = layer();
  Field field;
  field.to = to;
  field.derived = Derivation{kind, std::move(of), {{"deep", 5}, {"shallow", 0}}};
  const DerivedValue derived(field, layer_of_test);
  load::Record record;
  values.resize(layer_of_test.attributes.size());
  record.values = std::move(values);
  Applied out;
  out.reason = derived.apply(record).en;
  out.value = record.values[derived.attribute()];
  out.notes = record.notes;
  return out;
}

using Kind = Derivation::Kind;
constexpr std::int64_t eighty = 80;

TEST(DerivedValue, AddsSubtractsAndDivides) {
  EXPECT_EQ(apply("c", Kind::sum, {"a", "b"}, {100.5, eighty}).value, Value(180.5));
  EXPECT_EQ(apply("c", Kind::difference, {"a", "b"}, {100.5, eighty}).value, Value(20.5));
  EXPECT_EQ(apply("c", Kind::difference, {"b", "a"}, {100.0, eighty}).value, Value(-20.0));
  EXPECT_EQ(apply("share", Kind::ratio, {"b", "a"}, {100.0, eighty}).value, Value(80.0));  // in per cent
  EXPECT_EQ(apply("whole", Kind::ratio, {"a", "b"}, {160.0, eighty}).value, Value(std::int64_t{2}));
}

TEST(DerivedValue, IsUnknownWhereAnOperandIs) {
  for (const auto kind : {Kind::sum, Kind::difference, Kind::ratio}) {
    EXPECT_EQ(apply("c", kind, {"a", "b"}, {100.0, Value()}).value, Value());
    EXPECT_EQ(apply("c", kind, {"a", "b"}, {Value(), eighty}).value, Value());
  }
  EXPECT_EQ(apply("c", Kind::difference, {"a", "b"}, {0.0, std::int64_t{0}}).value,
            Value(0.0));  // zero is a figure
  EXPECT_EQ(apply("share", Kind::ratio, {"a", "b"}, {5.0, std::int64_t{0}}).value, Value());
}

TEST(DerivedValue, KeepsWhatTheSourceSaysAndNotesAnotherFigure) {
  const auto kept = apply("c", Kind::difference, {"a", "b"}, {100.0, eighty, 25.0});
  EXPECT_EQ(kept.value, Value(25.0));
  ASSERT_EQ(kept.notes.size(), 1U);
  EXPECT_EQ(kept.notes[0], (load::Note{"value_differs", "c", "25 m3/day", "20 m3/day"}));
  EXPECT_TRUE(apply("c", Kind::difference, {"a", "b"}, {100.0, eighty, 20.0}).notes.empty());
  EXPECT_TRUE(apply("c", Kind::difference, {"a", "b"}, {Value(), eighty, 20.0}).notes.empty());
  // Rounded by the source, not different.
  EXPECT_TRUE(
      apply("share", Kind::ratio, {"b", "a"}, {Value(90.0), eighty, Value(), Value(88.9)}).notes.empty());
  EXPECT_EQ(apply("share", Kind::ratio, {"b", "a"}, {Value(90.0), eighty, Value(), Value(88.7)}).notes.size(),
            1U);
}

TEST(DerivedValue, LooksNumbersUpByCode) {
  const auto of = [](Value rank) {
    return apply("c", Kind::by_code, {"rank"}, {{}, {}, {}, {}, {}, std::move(rank)}).value;
  };
  EXPECT_EQ(of("deep"), Value(5.0));
  EXPECT_EQ(of("shallow"), Value(0.0));
  EXPECT_EQ(of("other"), Value());
  EXPECT_EQ(of({}), Value());
}

TEST(DerivedValue, SaysWhyAResultDoesNotFit) {
  EXPECT_EQ(apply("whole", Kind::difference, {"a", "b"}, {70.0, eighty}).reason,
            "computed as -10, which is below 0, the least that whole can be");
  EXPECT_EQ(apply("whole", Kind::difference, {"a", "b"}, {80.5, eighty}).reason,
            "computed as 0.5, which is not a whole number");
}

}  // namespace
}  // namespace ritchi::importers
