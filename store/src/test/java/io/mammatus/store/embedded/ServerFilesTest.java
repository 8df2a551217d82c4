package io.mammatus.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root does, and does not do, in a folder of the cloud's own user. */
class ServerFilesTest {

  private static final String USER = "nobody";

  @TempDir private Path folder;

  /** Only root can give a file away. */
  private static void give(Path file) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    Files.getFileAttributeView(file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setOwner(file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
  }

  private static String owner(Path file) throws IOException {
    return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
  }

  @Test
  void rootAndTheServersUserMayBeTheRole() {
    assertThat(ServerFiles.pgIdent(new ServerUser("the \"cloud\"", List.of())))
        .isEqualTo("owner root mammatus\nowner \"the \"\"cloud\"\"\" mammatus\n");
  }

  @Test
  void whatRootMadeBelongsToWhoseTheFolderIs() throws IOException {
    give(folder);
    Path made = Files.createFile(folder.resolve("owner.lock"));
    ServerFiles.handOver(made);
    assertThat(owner(made)).isEqualTo(USER);
  }

  @Test
  void whatALinkPointsToIsNotHandedOver() throws IOException {
    Path roots = Files.createDirectory(folder.resolve("roots"));
    Path his = Files.createDirectory(folder.resolve("his"));
    give(his);
    Path link = Files.createSymbolicLink(his.resolve("binaries"), roots);
    ServerFiles.handOver(link);
    assertThat(owner(roots)).isEqualTo("root");
  }

  @Test
  void aFolderIsNotMadeHisThroughALinkOfHis() throws IOException {
    Path roots = Files.createDirectory(folder.resolve("roots"));
    Path link = Files.createSymbolicLink(folder.resolve("run"), roots);
    ServerUser user = new ServerUser(USER, List.of("setpriv"));
    give(link);
    assertThatThrownBy(() -> user.privateFolder(link))
        .isInstanceOf(EmbeddedException.class)
        .hasMessageContaining("is a link that nobody made");
    assertThat(owner(roots)).isEqualTo("root");
  }

  @Test
  void rootsOwnLinksAreFine() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(folder.resolve("postgres"), elsewhere);
    assertThat(new EmbeddedSettings(link).resolved().folder()).isEqualTo(elsewhere.toRealPath());
    give(link);
    assertThatThrownBy(() -> new EmbeddedSettings(link).resolved())
        .isInstanceOf(EmbeddedException.class);
  }
}
