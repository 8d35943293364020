package dev.askape.http;

/// stub
public final class HttpStream {
  public void write(byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  public void end() {
    throw new UnsupportedOperationException();
  }

  public void reset() {
    throw new UnsupportedOperationException();
  }

  public boolean isOpen() {
    throw new UnsupportedOperationException();
  }

  public void onClose(Runnable callback) {
    throw new UnsupportedOperationException();
  }
}
