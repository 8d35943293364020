package dev.askape.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.askape.engineio.MalformedPacketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketDecoderTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final PacketDecoder decoder = new PacketDecoder(SocketSettings.defaults());

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @Test
  void readsEveryPart() {
    Packet packet = decoder.decode("52-/admin?x=1,456[\"a\",{\"b\":1}]");
    assertThat(packet.type()).isEqualTo(PacketType.BINARY_EVENT);
    assertThat(packet.attachments()).isEqualTo(2);
    assertThat(packet.namespace()).isEqualTo("/admin");
    assertThat(packet.ackId()).isEqualTo(456);
    assertThat(packet.payload().toString()).isEqualTo("[\"a\",{\"b\":1}]");
    assertThat(packet.elements(1)).extracting(JsonNode::toString).containsExactly("{\"b\":1}");
  }

  @Test
  void doesWithoutEveryPartThatMayBeMissing() {
    assertThat(decoder.decode("0").payload().isMissingNode()).isTrue();
    assertThat(decoder.decode("0/a").namespace()).isEqualTo("/a");
    assertThat(decoder.decode("1/a,").namespace()).isEqualTo("/a");
    assertThat(decoder.decode("2[\"a\"]"))
        .extracting(Packet::namespace, Packet::ackId, Packet::attachments)
        .containsExactly("/", Packet.NO_ACK, 0);
    assertThat(decoder.decode("50-[\"a\"]").attachments()).isZero();
  }

  @Test
  void takesANumberForAnEventsNameAsTheOfficialServerDoes() {
    assertThat(decoder.decode("2[1,2]").payload().get(0).asText()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e99999999",
        "-1e-99999999",
        "123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890"
      })
  @Timeout(5)
  void survivesExtremeNumbers(String number) {
    assertThat(decoder.decode("2[\"a\"," + number + "]").payload()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 100_000})
  void refusesNumbersOfTooManyDigits(int digits) {
    String packet = "2[\"a\"," + "9".repeat(digits) + "]";
    assertThatThrownBy(() -> decoder.decode(packet)).isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void refusesKeysThatAreTooLong() {
    String packet = "2[\"a\",{\"" + "k".repeat(1001) + "\":1}]";
    assertThatThrownBy(() -> decoder.decode(packet)).isInstanceOf(MalformedPacketException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readsWhatTheEncoderWrites(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      Object[] args = new Object[random.nextInt(4)];
      Arrays.setAll(args, _ -> value(random, 4));
      String event = text(random);
      String namespace = random.nextBoolean() ? "/" : "/n" + random.nextInt(9);
      long ackId = random.nextBoolean() ? Packet.NO_ACK : random.nextLong(1L << 53);
      EncodedPacket encoded = EncodedPacket.event(namespace, ackId, event, args);

      List<byte[]> attachments = new ArrayList<>();
      encoded.parts().stream().skip(1).forEach(part -> attachments.add(content(part)));
      String text = new String(content(encoded.parts().getFirst()), StandardCharsets.UTF_8);
      assertThat(text).startsWith("4").doesNotContain("\u001e");
      Packet decoded = new PacketDecoder(many()).decode(text.substring(1));
      JsonNode filled = PacketDecoder.fill(decoded.payload(), attachments);

      assertThat(decoded.namespace()).isEqualTo(namespace);
      assertThat(decoded.ackId()).isEqualTo(ackId);
      assertThat(decoded.attachments()).isEqualTo(attachments.size());
      assertThat(filled.get(0).asText()).isEqualTo(event);
      assertThat(decoded.with(filled).elements(1)).isEqualTo(List.of(args));
    }
  }

  private static SocketSettings many() {
    Duration second = Duration.ofSeconds(1);
    return new SocketSettings(
        "/", second, second, second, second, 1_000_000, 32, 1_000, 1, 1, 1, 1, 1, 1);
  }

  private static byte[] content(dev.askape.engineio.EnginePacket packet) {
    return packet.content().toBytes();
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(20), 0, 0x2ffff)
        .filter(c -> c < 0xd800 || c > 0xdfff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextInt());
      case 3 -> JSON.numberNode(random.nextDouble());
      case 4 -> JSON.textNode(text(random));
      case 5 -> {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        yield JSON.binaryNode(bytes);
      }
      case 6 -> {
        var array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(random, depth - 1));
        }
        yield array;
      }
      default -> {
        var object = JSON.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(text(random), value(random, depth - 1));
        }
        yield object;
      }
    };
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(20)
  void nothingThatIsSentDoesMoreThanBeRefused(long seed) {
    var random = new Random(seed);
    String[] sound = {
      "2[\"a\",{\"b\":[1,2.5,null,true,\"é\"]}]",
      "51-/x,7[\"a\",{\"_placeholder\":true,\"num\":0}]",
      "0/x,{\"token\":\"abc\"}",
      "3/x,12[1]",
      "1/x,"
    };
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder(sound[random.nextInt(sound.length)]);
      for (int n = random.nextInt(4); n >= 0; n--) {
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(4)) {
          case 0 -> text.insert(at, (char) random.nextInt(128));
          case 1 -> text.setLength(at);
          case 2 -> text.insert(at, sound[random.nextInt(sound.length)]);
          default -> text.insert(at, Long.toString(random.nextLong()));
        }
      }
      try {
        Packet packet = decoder.decode(text.toString());
        assertThat(packet.attachments()).isBetween(0, 10);
        PacketDecoder.fill(packet.payload(), List.of(new byte[1]));
      } catch (MalformedPacketException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }
}
