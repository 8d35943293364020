package dev.askape.socketio;

import dev.askape.engineio.MalformedPacketException;

/// The packet types of Socket.IO v5, in the order of their numbers.
enum PacketType {
  CONNECT('0'),
  DISCONNECT('1'),
  EVENT('2'),
  ACK('3'),
  CONNECT_ERROR('4'),
  BINARY_EVENT('5'),
  BINARY_ACK('6');

  private static final PacketType[] ALL = values();

  final char digit;

  PacketType(char digit) {
    this.digit = digit;
  }

  static PacketType of(char digit) {
    int number = digit - '0';
    if (number < 0 || number >= ALL.length) {
      throw new MalformedPacketException("unknown packet type");
    }
    return ALL[number];
  }

  boolean hasAttachments() {
    return this == BINARY_EVENT || this == BINARY_ACK;
  }
}
