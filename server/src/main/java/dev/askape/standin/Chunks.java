package dev.askape.standin;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes the chunks of one streamed completion as server-sent events. Immutable.
final class Chunks {
  static final byte[] DONE = bytes("data: [DONE]\n\n");

  private final String start;

  Chunks(String id, String model, long createdSeconds) {
    this.start =
        "data: {\"id\":\""
            + id
            + "\",\"object\":\"chat.completion.chunk\",\"created\":"
            + createdSeconds
            + ",\"model\":\""
            + escaped(model)
            + "\",";
  }

  byte[] role() {
    return delta("\"role\":\"assistant\",\"content\":\"\"");
  }

  byte[] text(String fragment) {
    return delta("\"content\":\"" + escaped(fragment) + "\"");
  }

  byte[] thinking(String fragment) {
    return delta("\"reasoning_content\":\"" + escaped(fragment) + "\"");
  }

  byte[] finish() {
    return bytes(
        start + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
  }

  byte[] usage(String usage) {
    return bytes(start + "\"choices\":[],\"usage\":" + usage + "}\n\n");
  }

  /// A fragment with two bytes that are no UTF-8 between `<` and `>`.
  byte[] brokenText() {
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes(start + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"<"));
    whole.write(0xff);
    whole.write(0xc3);
    whole.writeBytes(bytes(">\"},\"finish_reason\":null}]}\n\n"));
    return whole.toByteArray();
  }

  private byte[] delta(String fields) {
    return bytes(
        start
            + "\"choices\":[{\"index\":0,\"delta\":{"
            + fields
            + "},\"finish_reason\":null}]}\n\n");
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String escaped(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }
}
