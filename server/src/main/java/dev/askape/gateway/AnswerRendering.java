package dev.askape.gateway;

import dev.askape.chat.Answer;
import dev.askape.chat.Turn;
import dev.askape.json.ChatJson;
import dev.askape.socketio.EncodedPacket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// An answer as viewers get it: its texts encoded once, and the chunk that was made last, which
/// viewers at the same position share. Made when the first viewer needs it. Safe for any thread.
final class AnswerRendering {
  final EncodedText text = new EncodedText();
  final EncodedText reasoning = new EncodedText();

  /// `"sessionId":…,"messageId":…,"modelId":…,"modelName":…,"id":…`
  final byte[] names;

  final byte[] quotedId;
  private volatile @Nullable Made lastMade;

  /// Which chunk a packet is.
  record Position(boolean full, int fromByte, int toByte) {}

  private record Made(Position position, EncodedPacket packet) {}

  private AnswerRendering(Turn turn, Answer answer) {
    quotedId = ChatJson.quoted(answer.id().value());
    var object = ChatJson.answerNames(turn, answer).toString();
    names = object.substring(1, object.length() - 1).getBytes(StandardCharsets.UTF_8);
  }

  @Nullable EncodedPacket made(Position position) {
    var made = lastMade;
    return made != null && made.position().equals(position) ? made.packet() : null;
  }

  EncodedPacket keep(Position position, EncodedPacket packet) {
    lastMade = new Made(position, packet);
    return packet;
  }

  /// The renderings of the answers that somebody holds; an answer that nobody holds any more takes
  /// its rendering along.
  static final class Cache {
    private final Map<Answer, AnswerRendering> renderings =
        Collections.synchronizedMap(new WeakHashMap<>());

    AnswerRendering of(Turn turn, Answer answer) {
      return renderings.computeIfAbsent(answer, _ -> new AnswerRendering(turn, answer));
    }
  }
}
