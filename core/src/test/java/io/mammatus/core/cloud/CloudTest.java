package io.mammatus.core.cloud;

import static io.mammatus.core.cloud.Scenario.KEY_A;
import static io.mammatus.core.cloud.Scenario.MAC_A;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.log.LogEntry;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloudTest {

  private final Scenario rack = Scenario.withNetwork();

  private static List<Resource<?, ?>> everything(Cloud cloud) {
    List<Resource<?, ?>> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      all.addAll(cloud.list(kind));
    }
    return all;
  }

  private void aStory() {
    rack.stocks();
    rack.joins(MAC_A, KEY_A, 1024);
    rack.creates("web");
    rack.plan();
    rack.reports(rack.nodeOf(MAC_A));
  }

  @Test
  void replayingTheLogGivesTheSameCloud() {
    aStory();
    Cloud again = Cloud.EMPTY;
    for (LogEntry entry : rack.log()) {
      again = Evolver.evolve(again, entry);
    }
    assertThat(everything(again)).containsExactlyInAnyOrderElementsOf(everything(rack.cloud()));
    assertThat(again.position()).isEqualTo(rack.log().size());
  }

  @Test
  void aSnapshotGivesTheSameLookUpsAsTheStory() {
    aStory();
    Cloud loaded = Cloud.of(rack.cloud().position(), everything(rack.cloud()));
    assertThat(loaded.owner(MAC_A)).isEqualTo(rack.cloud().owner(MAC_A));
    assertThat(loaded.instancesOn(rack.nodeOf(MAC_A)))
        .isEqualTo(rack.cloud().instancesOn(rack.nodeOf(MAC_A)));
    assertThat(loaded.touched()).isEmpty();
  }

  @Test
  void applyingWhatIsSoAlreadySaysNothing() {
    rack.stocks();
    assertThat(rack.apply(Kind.FLAVOR, "small", new FlavorSpec(1, 256, 2))).isEmpty();
    assertThat(rack.apply(Kind.FLAVOR, "small", new FlavorSpec(2, 256, 2))).hasSize(1);
  }

  @Test
  void aChangeBasedOnAnOldVersionIsRefused() {
    rack.stocks();
    Failure failure =
        rack.refuses(rack.applying(Kind.FLAVOR, "small", new FlavorSpec(4, 256, 2), 1L));
    assertThat(failure.code()).isEqualTo(Failure.Code.VERSION_MOVED);
    assertThat(rack.refuses(rack.applying(Kind.FLAVOR, "small", new FlavorSpec(4, 256, 2), 0L)))
        .isNotNull();
  }

  @Test
  void anInstanceKeepsItsImage() {
    rack.creates("web");
    Failure failure =
        rack.refuses(
            rack.applying(
                Kind.INSTANCE,
                "web",
                new InstanceSpec("other", "small", "lab", List.of(), null),
                null));
    assertThat(failure.field()).isEqualTo("spec.image");
  }

  @Test
  void aBadNameNamesItsField() {
    Failure failure =
        rack.refuses(rack.applying(Kind.FLAVOR, "Bad_Name", new FlavorSpec(1, 256, 2), null));
    assertThat(failure.field()).isEqualTo("metadata.name");
  }

  @Test
  void whatIsInUseIsNotDeleted() {
    rack.stocks();
    rack.creates("web");
    for (Kind kind : List.of(Kind.NETWORK, Kind.FLAVOR)) {
      String name = kind == Kind.NETWORK ? "lab" : "small";
      Failure failure =
          rack.refuses(new Command.Delete(kind, Metadata.DEFAULT_WORKSPACE, name, null));
      assertThat(failure.code()).isEqualTo(Failure.Code.CONFLICT);
    }
  }
}
