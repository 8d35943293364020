package dev.askape.gateway;

import dev.askape.socketio.ByteSlices;
import dev.askape.socketio.EncodedPacket;
import java.nio.charset.StandardCharsets;

/// Chunks of answers as packets: slices of the rendering between a few bytes of JSON, nothing
/// encoded again.
final class ChunkFrames {
  private static final byte[] CHUNK = ascii("[\"message_chunk\",{");
  private static final byte[] THINKING = ascii("[\"model_thinking\",{");
  private static final byte[] CHUNK_FIELD = ascii(",\"chunk\":\"");
  private static final byte[] FULL_CONTENT = ascii("\",\"fullContent\":\"");
  private static final byte[] CHUNK_INDEX = ascii("\",\"chunkIndex\":");
  private static final byte[] OFFSET = ascii("\",\"offset\":");
  private static final byte[] ID = ascii("\"id\":");
  private static final byte[] OFFSET_FIELD = ascii(",\"offset\":");
  private static final byte[] END = ascii("}]");

  private ChunkFrames() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// With the whole text so far.
  static EncodedPacket full(AnswerRendering rendering, int fromByte, EncodedText.Prefix to) {
    var position = new AnswerRendering.Position(true, fromByte, to.length());
    var made = rendering.made(position);
    if (made != null) {
      return made;
    }
    var slices =
        new ByteSlices()
            .add(CHUNK)
            .add(rendering.names)
            .add(CHUNK_FIELD)
            .add(to.bytes(), fromByte, to.length() - fromByte)
            .add(FULL_CONTENT)
            .add(to.bytes(), 0, to.length())
            .add(CHUNK_INDEX)
            .add(ascii(Integer.toString(to.fragments())))
            .add(END);
    return rendering.keep(position, EncodedPacket.raw(ServerEvents.NAMESPACE, slices));
  }

  /// With only what is new since `fromChar`.
  static EncodedPacket delta(
      AnswerRendering rendering, int fromByte, int fromChar, EncodedText.Prefix to) {
    var position = new AnswerRendering.Position(false, fromByte, to.length());
    var made = rendering.made(position);
    if (made != null) {
      return made;
    }
    var slices =
        new ByteSlices()
            .add(CHUNK)
            .add(ID)
            .add(rendering.quotedId)
            .add(OFFSET_FIELD)
            .add(ascii(Integer.toString(fromChar)))
            .add(CHUNK_FIELD)
            .add(to.bytes(), fromByte, to.length() - fromByte)
            .add(CHUNK_INDEX)
            .add(ascii(Integer.toString(to.fragments())))
            .add(END);
    return rendering.keep(position, EncodedPacket.raw(ServerEvents.NAMESPACE, slices));
  }

  /// What the model thinks.
  static EncodedPacket thinking(
      AnswerRendering rendering, int fromByte, int fromChar, EncodedText.Prefix to) {
    return EncodedPacket.raw(
        ServerEvents.NAMESPACE,
        new ByteSlices()
            .add(THINKING)
            .add(rendering.names)
            .add(CHUNK_FIELD)
            .add(to.bytes(), fromByte, to.length() - fromByte)
            .add(OFFSET)
            .add(ascii(Integer.toString(fromChar)))
            .add(END));
  }
}
