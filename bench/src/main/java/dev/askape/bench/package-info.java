/// Load runs of AskApe beside its peers: what a token costs, and how long fragments are on their
/// way. Nothing here is shipped.
///
/// `bench/run` starts [Bench]: a stand-in for the models and one server after another, each a
/// process of its own, while the clients of `dev.askape.bench.load` run in this one. Peers: the
/// floor, a relay with bare Netty (`dev.askape.bench.floor`), and a small Node.js implementation of
/// the contract (`bench/peers/node-server`).
@NullMarked
package dev.askape.bench;

import org.jspecify.annotations.NullMarked;
