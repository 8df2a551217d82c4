package io.mammatus.pxe.lab;

import static io.mammatus.store.testing.TestDatabase.await;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.store.embedded.EmbeddedPostgres;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.lease.Leases;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@link Lab} whose server keeps its leases in a real PostgreSQL. */
final class PoolLab implements AutoCloseable {

  final Lab lab;
  private final Path folder;
  private final TestDatabase test;
  private final List<String> options;
  private final Leases leases;

  PoolLab(Path folder, Class<?> test, Networks networks) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("loaders"));
    EmbeddedPostgres postgres = TestServer.shared();
    this.test = TestDatabase.on(postgres, test);
    this.leases = new Leases(this.test.database());
    this.options =
        List.of(
            "-Dnetworks=" + networks,
            "-Dsocket=" + postgres.socket(),
            "-Ddatabase=" + this.test.settings().database(),
            "-Drole=" + postgres.role());
    this.lab = new Lab(folder, options);
  }

  /** Another server with the same database, on the interface {@code br0} there. */
  ServerProcess another(Namespace where) throws IOException {
    return new ServerProcess(where, folder, options);
  }

  List<Lease> leases(NetworkId network) {
    return await(leases.of(network));
  }

  /** What is written of a card in a network; the newest if there is more. */
  Optional<Lease> lease(NetworkId network, String mac) {
    List<Lease> its = new ArrayList<>(leases(network));
    its.removeIf(lease -> !lease.client().mac().equals(Mac.parse(mac)));
    return its.isEmpty() ? Optional.empty() : Optional.of(its.getLast());
  }

  /** What is written of an address. */
  Optional<Lease> lease(NetworkId network, Ipv4 address) {
    return leases(network).stream().filter(lease -> lease.address().equals(address)).findFirst();
  }

  @Override
  public void close() {
    lab.close();
    test.close();
  }
}
