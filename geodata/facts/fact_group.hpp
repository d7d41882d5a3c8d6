// Facts that are computed together, because they look at the same features of the same layers.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "geodata/catalogue/fact.hpp"
#include "geodata/facts/coverage.hpp"
#include "geodata/facts/fact_value.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/changes.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::facts {

// The feature that facts are computed of.
struct Site {
  const geom::Geometry& shape;  // not empty
  geom::Box box;
  const std::vector<PlaceShare>& municipalities;
  const FactValue* same = nullptr;  // the value of the fact that the group compares with, where it does
};

// What the values come from; it must outlive the groups.
struct FactContext {
  std::shared_ptr<const store::Snapshot> snapshot;
  const Coverage& coverage;
  std::string today;  // YYYY-MM-DD: layers whose features have a span of time count as of their as_of, or now
  std::vector<store::FactSource> sources;

  // Number of a dataset in sources.
  std::uint16_t source_of(const store::DatasetInfo& info) const;
};

// The day as of which the features of a dataset count; empty where its layer is of no time.
std::string moment_of(const catalogue::Layer& layer, const std::string& as_of, const std::string& today);

// What has changed in a dataset that facts come from.
struct LayerChange {
  std::string layer;
  std::vector<store::Change> changes;  // by id
  std::uint16_t source = store::no_source;
};

class FactGroup {
 public:
  virtual ~FactGroup() = default;
  FactGroup() = default;
  FactGroup(const FactGroup&) = delete;
  FactGroup& operator=(const FactGroup&) = delete;

  // In the order of what a worker gives.
  const std::vector<const catalogue::Fact*>& facts() const { return m_facts; }
  // All layers that decide the values, by id; with that of the municipalities, which tells what is covered.
  const std::vector<std::string>& layers() const { return m_layers; }
  // The fact that Site::same is the value of; empty: none.
  const std::string& same_fact() const { return m_same_fact; }

  // Used by one thread.
  class Worker {
   public:
    virtual ~Worker() = default;
    Worker() = default;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    virtual void compute(const Site& site, std::span<FactValue> out) = 0;
  };
  // In the thread that is to use it; safe from many threads after prepare().
  virtual std::unique_ptr<Worker> worker() = 0;
  // What costs much and is the same for all workers.
  virtual void prepare() {}

  // May the present values of a site be others after a change? same: as the site has it now.
  virtual bool affected(const geom::Box& site, std::span<const FactValue> present, const FactValue* same,
                        const LayerChange& change) = 0;

 protected:
  std::vector<const catalogue::Fact*> m_facts;
  std::vector<std::string> m_layers;
  std::string m_same_fact;
};

// Of all facts that come from other layers, in an order in which each comes after those that it goes on from.
// tick: called now and then; what it throws comes out.
std::vector<std::unique_ptr<FactGroup>> make_groups(const std::vector<catalogue::Fact>& facts,
                                                    const FactContext& context,
                                                    const std::function<void()>& tick);

// The value of a fact of kind attribute.
FactValue own_value(const catalogue::Fact& fact, const catalogue::Layer& layer,
                    std::span<const store::ValueView> values, std::uint16_t source);

}  // namespace ritchi::facts
