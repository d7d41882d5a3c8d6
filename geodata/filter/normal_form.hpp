// The pieces of a checked tree, made so that equal conditions become equal trees.
#pragma once
#include <string>
#include <vector>

#include "geodata/filter/node.hpp"

namespace ritchi::filter {

// No property is in it.
bool is_constant(const Node& node);

NodePtr made(Op op, std::vector<NodePtr> args, const std::string& where, Type type = Type::condition);
NodePtr made_literal(catalogue::Value value, Type type, const std::string& where);
NodePtr truth_literal(bool value, const std::string& where);
// The condition, or (no) its contrary.
NodePtr negated(bool no, NodePtr condition);

// What a comparison becomes when it must not hold; exact in three-valued logic too.
Op contrary(Op op);
// What a comparison or spatial relation becomes when its operands change places.
Op mirrored(Op op);

// A condition on constants is its outcome; these are never unknown.
NodePtr folded(NodePtr condition);
// Terms under AND or OR: flat, sorted, each once, without those that decide nothing.
NodePtr joined(Op op, const std::vector<NodePtr>& terms, const std::string& where);

}  // namespace ritchi::filter
