/// HTTP/1.1 and WebSocket, and nothing above them: the only package here that touches Netty's
/// pipeline.
///
/// An [HttpServer][dev.askape.http.HttpServer] gives each whole request, as an
/// [HttpExchange][dev.askape.http.HttpExchange], to the handler of its
/// [HttpRoute][dev.askape.http.HttpRoute]; one may become a [WebSocket][dev.askape.http.WebSocket].
/// Before that it checks the connection's limits, the `Host` against an
/// [HostPolicy][dev.askape.http.HostPolicy] and the `Origin` against an
/// [OriginPolicy][dev.askape.http.OriginPolicy], for every request alike.
///
/// Threads: a connection is confined to one of the [EventLoops][dev.askape.http.EventLoops];
/// handlers are called on it and must not block. Answers may be given by any thread.
///
/// Memory: what is to be written are [Slices][dev.askape.http.Slices] of shared arrays with a
/// position in them, copied into a connection's buffers 16 kB at a time while it takes them. So an
/// answer or a frame of any size costs a slow client less than 64 kB.
@NullMarked
package dev.askape.http;

import org.jspecify.annotations.NullMarked;
