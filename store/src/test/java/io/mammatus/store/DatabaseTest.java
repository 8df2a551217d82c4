package io.mammatus.store;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.platform.config.ConfigReader;
import io.mammatus.store.testing.TestDatabase;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabaseTest {

  private final TestDatabase test = TestDatabase.fresh(DatabaseTest.class);

  @AfterEach
  void close() {
    test.close();
  }

  private void execute(String sql) {
    await(test.database().pool().query(sql).execute());
  }

  private Database openAgain() {
    return await(Database.open(test.vertx(), test.settings()));
  }

  @Test
  void severalProcessesMayMigrateAtOnce() {
    execute("drop schema public cascade; create schema public");
    List<Future<Database>> opening =
        Stream.generate(() -> Database.open(test.vertx(), test.settings())).limit(4).toList();
    await(Future.all(opening).<Void>mapEmpty());
    opening.forEach(opened -> await(opened.result().close()));
    execute("select position from log_head");
  }

  @Test
  void aSchemaOfANewerProgramIsRefused() {
    execute("insert into schema_version (version, name, checksum) values (1000, 'V1000', 'x')");
    assertThatThrownBy(this::openAgain)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("run the newer program");
  }

  @Test
  void aMigrationThatWasChangedIsRefused() {
    execute("update schema_version set checksum = 'x' where version = 1");
    assertThatThrownBy(this::openAgain)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("V1__log.sql");
  }

  @Test
  void aServerThatMayLoseWhatItAcknowledgedIsRefused() {
    execute("alter database " + test.settings().database() + " set synchronous_commit = off");
    assertThatThrownBy(this::openAgain)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("synchronous_commit = off");
  }

  @Test
  void configurationNamesOneServer() {
    DatabaseSettings settings =
        ConfigReader.parse(
            "address: db.example:5432\npassword: x\n", "test", DatabaseSettings.class);
    assertThat(settings.tls()).isTrue();
    assertThat(settings.connectOptions().getSslMode().name()).isEqualTo("VERIFY_FULL");
    assertThatThrownBy(() -> ConfigReader.parse("tls: false", "test", DatabaseSettings.class))
        .hasMessageContaining("set address (host:port)");
  }
}
