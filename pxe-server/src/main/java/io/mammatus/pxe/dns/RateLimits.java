package io.mammatus.pxe.dns;

/**
 * How many answers a second go out by UDP.
 *
 * @param inside to each address within the cloud, such as a machine that resolves for many
 *     containers; twice that at once
 * @param outside to 256 addresses elsewhere together; five times that at once
 * @param faults to each address that sends what is no question; five times that at once
 */
record RateLimits(int inside, int outside, int faults) {

  static final RateLimits DEFAULT = new RateLimits(2000, 20, 20);

  RateLimiter insideLimiter(int seed, long now) {
    return new RateLimiter(inside, 2 * inside, seed, now);
  }

  RateLimiter outsideLimiter(int seed, long now) {
    return new RateLimiter(outside, 5 * outside, seed, now);
  }

  RateLimiter faultLimiter(int seed, long now) {
    return new RateLimiter(faults, 5 * faults, seed, now);
  }
}
