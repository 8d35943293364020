package dev.askape.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.askape.chat.TokenCounter;
import org.jspecify.annotations.Nullable;

/// Counts with the o200k encoding. Its tables take a second to load, in the background; until then
/// a token counts as four characters. Safe for any thread.
public final class O200kTokens implements TokenCounter {
  private static final int CHARACTERS_PER_TOKEN = 4;

  private volatile @Nullable Encoding encoding;

  /// Begins to load the tables; the thread ends by itself.
  public static O200kTokens load() {
    var tokens = new O200kTokens();
    Thread.ofPlatform()
        .daemon()
        .name("tokens")
        .start(() ->
            tokens.encoding =
                Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE));
    return tokens;
  }

  @Override
  public int count(String text) {
    var loaded = encoding;
    return loaded == null || text.isEmpty()
        ? (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN
        : loaded.countTokensOrdinary(text);
  }
}
