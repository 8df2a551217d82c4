package io.mammatus.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.control.api.contract.Contract;
import org.junit.jupiter.api.Test;

/** The committed contract is the one that the records make. */
class ContractTest {

  @Test
  void isTheOneThatTheRecordsMake() {
    assertThat(Contract.committed())
        .as("run Contract.main with the path of openapi.json, and look at what changed for clients")
        .isEqualTo(Contract.generate());
  }
}
