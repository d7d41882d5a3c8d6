// What the readers of CQL2 text and of CQL2 JSON share: limits, literals, shapes and errors.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "geodata/base/error.hpp"
#include "geodata/filter/node.hpp"

namespace ritchi::filter {

base::Error bad_filter(const std::string& message, const std::string& where, const std::string& remedy,
                       const std::string& message_ja, const std::string& remedy_ja);
base::Error filter_too_large(const std::string& what, const std::string& what_ja, std::size_t most,
                             const std::string& where);

class TreeBuilder {
 public:
  explicit TreeBuilder(const Limits& limits) : m_limits(limits) {}

  // One level of nesting for as long as it lives.
  class Level {
   public:
    Level(TreeBuilder& builder, const std::string& where);
    ~Level() { --m_builder.m_depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    TreeBuilder& m_builder;
  };

  NodePtr make(Op op, std::vector<NodePtr> args, const std::string& where);
  NodePtr named(Op op, std::string text, const std::string& where, std::vector<NodePtr> args = {});
  NodePtr literal(catalogue::Value value, const std::string& where);
  NodePtr number(double value, const std::string& where);
  NodePtr date(const std::string& text, const std::string& where);
  NodePtr timestamp(const std::string& text, const std::string& where);
  // An end of an interval: "..", a date or a timestamp.
  NodePtr interval_end(const std::string& text, const std::string& where);
  NodePtr box(const std::vector<double>& numbers, const std::string& where);
  NodePtr geometry(Shape shape, const std::string& where);
  // A condition or value by its operator's name; an unknown name becomes a function.
  NodePtr operation(const std::string& name, std::vector<NodePtr> args, const std::string& where);

  void add_point(geom::Geometry& to, const std::vector<double>& numbers, const std::string& where);
  void end_path(geom::Geometry& to, bool ring, const std::string& where) const;

 private:
  NodePtr finish(Node node);
  Limits m_limits;
  std::size_t m_depth = 0;
  std::size_t m_nodes = 0;
  std::size_t m_vertices = 0;
};

}  // namespace ritchi::filter
