package io.mammatus.control.api;

import static io.mammatus.control.api.ApiHarness.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image is written down when its files are there, and not before. */
class ImageFilesTest {

  private static final String PATH = "/v1/images/debian";

  @TempDir private Path folder;
  private ApiHarness api;

  @BeforeEach
  void start() throws Exception {
    api = new ApiHarness(ImageFilesTest.class, folder);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void isRefusedUntilEveryFileIsThere() throws Exception {
    String image = image("root", 4, "meta", 4);
    HttpResponse<String> none = api.put(PATH, image);
    assertThat(none.statusCode()).as(none.body()).isEqualTo(409);
    assertThat(tree(none).path("type").asText()).isEqualTo("urn:mammatus:problem:missing-blob");
    assertThat(tree(none).path("errors"))
        .extracting(error -> error.path("field").asText())
        .containsExactly("spec.files.metadata.sha256", "spec.files.rootfs.sha256");
    assertThat(api.get(PATH).statusCode()).isEqualTo(404);

    send("meta");
    JsonNode one = tree(api.put(PATH, image));
    assertThat(one.path("field").asText()).isEqualTo("spec.files.rootfs.sha256");
    assertThat(one.path("detail").asText()).contains(digest("root"), "PUT /v1/blobs/");
    assertThat(one.path("errors")).hasSize(1);

    send("root");
    assertThat(api.put(PATH, image).statusCode()).isEqualTo(201);
  }

  @Test
  void aLengthThatIsNotTheFilesIsRefused() throws Exception {
    send("root");
    send("meta");
    HttpResponse<String> wrong = api.put(PATH, image("root", 5, "meta", 4));
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(tree(wrong).path("detail").asText())
        .isEqualTo("spec.files.rootfs.bytes: the file has 4 bytes");
  }

  @Test
  void aPatchIsHeldToTheSame() throws Exception {
    send("root");
    send("meta");
    assertThat(api.put(PATH, image("root", 4, "meta", 4)).statusCode()).isEqualTo(201);
    HttpResponse<String> refused =
        patch("{\"spec\":{\"files\":{\"rootfs\":{\"sha256\":\"%s\"}}}}".formatted(digest("newer")));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    assertThat(tree(refused).path("detail").asText()).contains(digest("newer"));
  }

  @Test
  void theSameAgainChangesNothingEvenWhenAFileIsLost() throws Exception {
    send("root");
    send("meta");
    String image = image("root", 4, "meta", 4);
    assertThat(api.put(PATH, image).statusCode()).isEqualTo(201);
    Files.delete(folder.resolve("blobs/sha256").resolve(digest("root")));
    assertThat(api.put(PATH, image).statusCode()).isEqualTo(200);
    assertThat(patch("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> patch(String body) {
    return api.json("PATCH", PATH, "application/merge-patch+json", body);
  }

  private void send(String content) throws Exception {
    String path = "/v1/blobs/" + digest(content);
    assertThat(api.json("PUT", path, "application/octet-stream", content).statusCode())
        .isEqualTo(201);
  }

  private static String image(String rootfs, int bytes, String metadata, int more)
      throws Exception {
    return """
    {"spec":{"version":"1","files":{
      "rootfs":{"sha256":"%s","bytes":%d},"metadata":{"sha256":"%s","bytes":%d}}}}
    """
        .formatted(digest(rootfs), bytes, digest(metadata), more);
  }

  private static String digest(String content) throws Exception {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
