package dev.askape.chat;

/// The store will never take what it was given, however often it is asked: it contradicts what is
/// there, is too large or has no valid form. Nothing was written.
public final class RecordRefusedException extends StorageException {
  private static final long serialVersionUID = 1;

  public RecordRefusedException(String message) {
    super(message);
  }

  public RecordRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
