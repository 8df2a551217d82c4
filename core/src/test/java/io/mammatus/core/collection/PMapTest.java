package io.mammatus.core.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PMapTest {

  /** Few hash codes for many keys, so that branches, leaves and collisions all happen. */
  private record Key(int value, int spread) {
    @Override
    public int hashCode() {
      return value % spread;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000, Integer.MAX_VALUE})
  void doesWhatHashMapDoesAndKeepsOldValues(int spread) {
    Random random = new Random(20261120);
    Map<Key, Integer> expected = new HashMap<>();
    PMap<Key, Integer> map = PMap.empty();
    for (int i = 0; i < 3000; i++) {
      Key key = new Key(random.nextInt(400), spread);
      PMap<Key, Integer> before = map;
      boolean had = before.containsKey(key);
      if (random.nextInt(3) == 0) {
        expected.remove(key);
        map = map.remove(key);
      } else {
        expected.put(key, i);
        map = map.put(key, i);
      }
      assertThat(before.containsKey(key)).isEqualTo(had);
      assertThat(map.size()).isEqualTo(expected.size());
      assertThat(map.get(key).orElse(null)).isEqualTo(expected.get(key));
    }
    Map<Key, Integer> seen = new HashMap<>();
    map.forEach(seen::put);
    assertThat(seen).isEqualTo(expected);
  }
}
