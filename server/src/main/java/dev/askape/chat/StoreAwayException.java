package dev.askape.chat;

/// The database is away, and what is kept beside it does not say enough to do what was asked.
/// Nothing was written; asking again later may help.
public final class StoreAwayException extends StorageException {
  private static final long serialVersionUID = 1;

  public StoreAwayException(String message) {
    super(message);
  }
}
