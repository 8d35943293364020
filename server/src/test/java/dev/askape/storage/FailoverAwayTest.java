package dev.askape.storage;

import dev.askape.storage.spool.FaultyStore;
import dev.askape.storage.spool.FaultyStore.Fault;

class FailoverAwayTest extends FailoverContract {
  @Override
  void begin(FaultyStore primary) {
    primary.set(Fault.REFUSE);
  }
}
