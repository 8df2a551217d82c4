package io.mammatus.core.collection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map with cheap updates: a hash array mapped trie (Bagwell, "Ideal Hash Trees",
 * 2001).
 *
 * <p>Get, put and remove cost O(log32 n); a put shares all but one path with the map it came from.
 * That is what lets the whole cloud be one value that pure functions take and return. Order of
 * iteration is unspecified but the same for the same content and history.
 */
public final class PMap<K, V> {

  private static final int BITS = 5;
  private static final int LEVELS = 7;
  private static final PMap<Object, Object> EMPTY = new PMap<>(null, 0);

  private final @Nullable Node<K, V> root;
  private final int size;

  private PMap(@Nullable Node<K, V> root, int size) {
    this.root = root;
    this.size = size;
  }

  @SuppressWarnings("unchecked") // an empty map holds nothing of any type
  public static <K, V> PMap<K, V> empty() {
    return (PMap<K, V>) EMPTY;
  }

  public int size() {
    return size;
  }

  public Optional<V> get(K key) {
    Node<K, V> node = root;
    int hash = spread(key);
    for (int shift = 0; node instanceof Branch<K, V> branch; shift += BITS) {
      node = branch.child(hash >>> shift);
    }
    if (node instanceof Leaf<K, V> leaf && leaf.hash == hash) {
      for (Entry<K, V> entry : leaf.entries) {
        if (entry.key.equals(key)) {
          return Optional.of(entry.value);
        }
      }
    }
    return Optional.empty();
  }

  public boolean containsKey(K key) {
    return get(key).isPresent();
  }

  public PMap<K, V> put(K key, V value) {
    boolean isNew = !containsKey(key);
    Node<K, V> changed = put(root, 0, new Leaf<>(spread(key), List.of(new Entry<>(key, value))));
    return new PMap<>(changed, isNew ? size + 1 : size);
  }

  public PMap<K, V> remove(K key) {
    return containsKey(key) ? new PMap<>(remove(root, 0, spread(key), key), size - 1) : this;
  }

  public void forEach(BiConsumer<? super K, ? super V> action) {
    forEach(root, action);
  }

  /** All values, as a list made anew. */
  public List<V> values() {
    List<V> values = new ArrayList<>(size);
    forEach((key, value) -> values.add(value));
    return values;
  }

  private sealed interface Node<K, V> {}

  private record Entry<K, V>(K key, V value) {}

  /** All entries with one hash; more than one only when hashes collide in all 32 bits. */
  private record Leaf<K, V>(int hash, List<Entry<K, V>> entries) implements Node<K, V> {}

  /** Up to 32 children; bit i of the bitmap says whether slot i is there. */
  private static final class Branch<K, V> implements Node<K, V> {
    final int bitmap;
    final List<Node<K, V>> children;

    Branch(int bitmap, List<Node<K, V>> children) {
      this.bitmap = bitmap;
      this.children = children;
    }

    @Nullable Node<K, V> child(int hashPart) {
      int bit = 1 << (hashPart & 31);
      return (bitmap & bit) == 0 ? null : children.get(Integer.bitCount(bitmap & (bit - 1)));
    }

    Branch<K, V> with(int hashPart, Node<K, V> child) {
      int bit = 1 << (hashPart & 31);
      int index = Integer.bitCount(bitmap & (bit - 1));
      List<Node<K, V>> copy = new ArrayList<>(children);
      if ((bitmap & bit) == 0) {
        copy.add(index, child);
      } else {
        copy.set(index, child);
      }
      return new Branch<>(bitmap | bit, copy);
    }

    @Nullable Branch<K, V> without(int hashPart) {
      int bit = 1 << (hashPart & 31);
      if (bitmap == bit) {
        return null;
      }
      List<Node<K, V>> copy = new ArrayList<>(children);
      copy.remove(Integer.bitCount(bitmap & (bit - 1)));
      return new Branch<>(bitmap & ~bit, copy);
    }
  }

  private static int spread(Object key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return hash ^ hash >>> 15;
  }

  private static <K, V> Node<K, V> put(@Nullable Node<K, V> node, int shift, Leaf<K, V> added) {
    return switch (node) {
      case null -> added;
      case Branch<K, V> branch ->
          branch.with(
              added.hash >>> shift, put(branch.child(added.hash >>> shift), shift + BITS, added));
      case Leaf<K, V> leaf when leaf.hash == added.hash -> merge(leaf, added.entries.getFirst());
      case Leaf<K, V> leaf -> put(split(leaf, shift), shift, added);
    };
  }

  private static <K, V> Branch<K, V> split(Leaf<K, V> leaf, int shift) {
    if (shift / BITS >= LEVELS) {
      throw new IllegalStateException("two different hashes share all their bits");
    }
    return new Branch<K, V>(0, List.of()).with(leaf.hash >>> shift, leaf);
  }

  private static <K, V> Leaf<K, V> merge(Leaf<K, V> leaf, Entry<K, V> added) {
    List<Entry<K, V>> entries = new ArrayList<>(leaf.entries);
    entries.removeIf(entry -> entry.key.equals(added.key));
    entries.add(added);
    return new Leaf<>(leaf.hash, entries);
  }

  private static <K, V> @Nullable Node<K, V> remove(
      @Nullable Node<K, V> node, int shift, int hash, K key) {
    return switch (node) {
      case null -> null;
      case Leaf<K, V> leaf -> {
        List<Entry<K, V>> left =
            leaf.entries.stream().filter(entry -> !entry.key.equals(key)).toList();
        yield left.isEmpty() ? null : new Leaf<>(leaf.hash, left);
      }
      case Branch<K, V> branch -> {
        Node<K, V> child = remove(branch.child(hash >>> shift), shift + BITS, hash, key);
        yield child == null ? branch.without(hash >>> shift) : branch.with(hash >>> shift, child);
      }
    };
  }

  private static <K, V> void forEach(
      @Nullable Node<K, V> node, BiConsumer<? super K, ? super V> action) {
    switch (node) {
      case null -> {}
      case Leaf<K, V> leaf -> leaf.entries.forEach(e -> action.accept(e.key, e.value));
      case Branch<K, V> branch -> branch.children.forEach(child -> forEach(child, action));
    }
  }
}
