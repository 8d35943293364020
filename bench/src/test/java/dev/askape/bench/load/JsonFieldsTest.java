package dev.askape.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {
  private static List<String> fields(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    var fields = new JsonFields(bytes, 0, bytes.length);
    var all = new ArrayList<String>();
    while (fields.next()) {
      var name =
          new String(
              bytes, fields.nameFrom, fields.nameTo - fields.nameFrom, StandardCharsets.UTF_8);
      all.add(name + "=" + fields.text());
    }
    return all;
  }

  @Test
  void walksOverStringsNumbersObjectsAndArrays() {
    assertThat(
            fields("{\"a\":\"x\",\"b\":12,\"c\":{\"d\":[1,\"}\"]},\"e\":[],\"f\":null,\"g\":\"\"}"))
        .containsExactly("a=x", "b=12", "c={\"d\":[1,\"}\"]}", "e=[]", "f=null", "g=");
  }

  @Test
  void takesEscapedQuotesForPartOfTheString() {
    assertThat(fields("{\"a\":\"x\\\"y\\\\\",\"b\":\"z\"}")).containsExactly("a=x\\\"y\\\\", "b=z");
  }

  @Test
  void findsNothingInAnEmptyObject() {
    assertThat(fields("{}")).isEmpty();
  }

  @Test
  void standsBehindTheObjectAtItsEnd() {
    var bytes = "[{\"a\":1},{\"b\":2}]".getBytes(StandardCharsets.UTF_8);
    var fields = new JsonFields(bytes, 1, bytes.length);
    while (fields.next()) {
      assertThat(fields.number()).isEqualTo(1);
    }
    assertThat(bytes[fields.position()]).isEqualTo((byte) ',');
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverLeavesTheArrayWhateverIsInIt(long seed) {
    var random = new Random(seed);
    var alphabet = "{}[]\",:\\a1";
    for (int i = 0; i < 2_000; i++) {
      var json = new StringBuilder("{");
      for (int n = random.nextInt(20); n > 0; n--) {
        json.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(fields(json.toString())).hasSizeLessThan(20);
    }
  }
}
