package dev.askape.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.askape.engineio.EnginePacket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodedPacketTest {
  private static String text(EncodedPacket packet) {
    return new String(packet.parts().getFirst().content().toBytes(), StandardCharsets.UTF_8);
  }

  private record Point(int x, List<byte[]> bytes) {}

  @Test
  void writesWhateverJacksonWrites() {
    EncodedPacket packet =
        EncodedPacket.event(
            "/n", "a", new Point(1, List.of(new byte[] {1}, new byte[] {2})), Map.of());
    assertThat(text(packet))
        .isEqualTo(
            "452-/n,[\"a\",{\"x\":1,\"bytes\":[{\"_placeholder\":true,\"num\":0},"
                + "{\"_placeholder\":true,\"num\":1}]},{}]");
    assertThat(packet.parts()).hasSize(3);
    assertThat(packet.size()).isEqualTo(packet.parts().stream().mapToInt(EnginePacket::size).sum());
  }

  @Test
  void keepsCharactersBeyondTheBasicPlaneShort() {
    assertThat(text(EncodedPacket.event("/", "😀"))).isEqualTo("42[\"😀\"]");
  }

  @Test
  void sharesTheArraysItIsGiven() {
    byte[] answer = "all that was said so far".getBytes(StandardCharsets.UTF_8);
    byte[] start = "[\"e\",\"".getBytes(StandardCharsets.UTF_8);
    byte[] end = "\"]".getBytes(StandardCharsets.UTF_8);
    EncodedPacket packet =
        EncodedPacket.raw("/", new ByteSlices().add(start).add(answer, 4, 4).add(end));
    assertThat(text(packet)).isEqualTo("42[\"e\",\"that\"]");
    answer[4] = 'c'; // nobody should, but it shows that nothing was copied
    assertThat(text(packet)).isEqualTo("42[\"e\",\"chat\"]");
  }

  @Test
  void refusesWhatIsNoJson() {
    List<Object> endless = new ArrayList<>();
    endless.add(endless);
    assertThatThrownBy(() -> EncodedPacket.event("/", "e", endless))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
