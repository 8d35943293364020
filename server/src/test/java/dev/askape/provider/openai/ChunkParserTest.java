package dev.askape.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.askape.chat.Usage;
import dev.askape.provider.http.ApiError;
import dev.askape.provider.http.Chunk;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"hi\"}}]}|hi|",
        "{\"choices\":[{\"delta\":{\"content\":[\"a\",{\"type\":\"text\",\"text\":\"b\"}]}}]}|ab|",
        "{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"t\"}]},{\"type\":\"text\",\"text\":\"b\"}]}}]}|b|t",
        "{\"choices\":[{\"message\":{\"content\":\"whole\"}}]}|whole|",
        "{\"choices\":[{\"delta\":{\"content\":null,\"reasoning\":\"r\"}}]}||r",
        "{\"choices\":[{\"delta\":{\"reasoning_content\":\"r\",\"reasoning\":\"r\"}}]}||r",
        "{\"choices\":[{\"delta\":{\"reasoning_text\":\"r\",\"reasoning\":\"\"}}]}||r",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}},{\"delta\":{\"content\":\"other\"}}]}|a|",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"{}\"}}]}}]}||",
        "{\"choices\":[]}||",
        "{\"choices\":null}||",
        "{\"choices\":[null]}||",
        "{\"choices\":[{\"delta\":null}]}||",
        "{\"choices\":[{\"delta\":{\"content\":7}}]}||",
        "{\"choices\":{\"delta\":{\"content\":\"a\"}}}||",
        "{}||",
        "7||",
        "{\"type\":\"ping\"}||"
      })
  void findsTextAndReasoning(String json, String text, String thinking) {
    var chunk = parse(json);

    assertThat(chunk.text()).isEqualTo(text == null ? "" : text);
    assertThat(chunk.thinking()).isEqualTo(thinking == null ? "" : thinking);
    assertThat(chunk.error()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"broke\",\"type\":\"t\",\"code\":500}}",
        "{\"error\":\"broke\"}",
        "[{\"error\":{\"message\":\"broke\"}}]",
        "{\"choices\":[{\"delta\":{},\"error\":{\"message\":\"broke\"}}]}",
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"broke\"}}",
        "{\"object\":\"error\",\"message\":\"broke\",\"code\":400}",
        "{\"detail\":\"broke\"}",
        "{\"message\":\"broke\"}",
        "{\"x_groq\":{\"error\":\"broke\"}}",
        "{\"error\":{\"error\":{\"message\":\"broke\"}}}"
      })
  void findsAnErrorInEveryForm(String json) {
    assertThat(parse(json).error()).extracting(ApiError::message).isEqualTo("broke");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":null,\"choices\":[]}",
        "{\"error\":false,\"choices\":[]}",
        "{\"error\":\"\",\"choices\":[]}"
      })
  void doesNotTakeAnEmptyFieldForAnError(String json) {
    assertThat(parse(json).error()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[],\"usage\":USAGE}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":USAGE}",
        "{\"choices\":[{\"delta\":{},\"usage\":USAGE}]}",
        "{\"x_groq\":{\"id\":\"x\",\"usage\":USAGE},\"usage\":null}"
      })
  void findsUsageInEveryPlace(String json) {
    var usage =
        "{\"prompt_tokens\":3,\"completion_tokens\":5,\"total_tokens\":8,"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":2,\"x\":[{}]}}";

    assertThat(parse(json.replace("USAGE", usage)).tokens().usage())
        .contains(Usage.reported(3, 5).withReasoning(2));
  }

  @Test
  void keepsHalvesOfAnEscapedSurrogatePair() {
    assertThat(parse("{\"choices\":[{\"delta\":{\"content\":\"a\\ud83d\"}}]}").text())
        .isEqualTo("a\ud83d");
    assertThat(parse("{\"choices\":[{\"delta\":{\"content\":\"\\ude00b\"}}]}").text())
        .isEqualTo("\ude00b");
  }

  @Test
  void replacesBrokenUtf8() {
    var json =
        "{\"choices\":[{\"delta\":{\"content\":\"a?b?\"}}]}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '?') {
        json[i] = (byte) 0xff;
      }
    }
    var chunk = new Chunk();

    assertThat(ChunkParser.parse(json, 0, json.length, chunk)).isTrue();
    assertThat(chunk.text()).isEqualTo("a\ufffdb\ufffd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "{\"choices\":[{\"delta\":{\"content\":\"a\"", "{]", "\"open"})
  void refusesWhatIsNoJson(String text) {
    var chunk = new Chunk();
    var bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(ChunkParser.parse(bytes, 0, bytes.length, chunk)).isFalse();
    assertThat(chunk.text()).isEmpty();
  }

  @Test
  void refusesDeepNesting() {
    var text = "{\"x\":" + "[".repeat(10_000);
    var bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(ChunkParser.parse(bytes, 0, bytes.length, new Chunk())).isFalse();
  }

  private static Chunk parse(String json) {
    var chunk = new Chunk();
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThat(ChunkParser.parse(bytes, 0, bytes.length, chunk)).as(json).isTrue();
    return chunk;
  }
}
