package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.config.DeliveryConfig;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.OrganizationId;
import dev.usher.event.SecretKey;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoomTest {
  private static final int MOST_BYTES = 4 << 20;
  private static final int QUEUED = 1_000;

  /** A body of these weighs 16 KiB. */
  private static final int BODY_BYTES = (16 << 10) - 512;

  private final Room room = new Room(config(), new Circuits(new NobodyFails()));
  private final Map<EndpointId, Lane> lanes = new HashMap<>();
  private int events;

  private static final class NobodyFails implements Disabling {
    @Override
    public void gone(Endpoint endpoint, Event event) {
      throw new AssertionError(endpoint);
    }

    @Override
    public Future<Void> onlyFailed(Endpoint endpoint, Instant since) {
      throw new AssertionError(endpoint);
    }
  }

  private static DeliveryConfig config() {
    return new DeliveryConfig(
        List.of(),
        Set.of(443),
        Duration.ofSeconds(1),
        List.of(Duration.ofSeconds(1)),
        1,
        QUEUED,
        MOST_BYTES,
        Duration.ofSeconds(5),
        null,
        null);
  }

  private static Endpoint endpoint(int organization, int number, @Nullable Integer rate) {
    return new Endpoint(
        new EndpointId(new UUID(organization, number)),
        new OrganizationId(new UUID(0, organization)),
        "e",
        URI.create("https://e.example/"),
        List.of("*"),
        Endpoint.Status.ACTIVE,
        List.of(new SecretKey("key", null)),
        Endpoint.Signature.SHOWPASS,
        Map.of(),
        null,
        null,
        null,
        rate,
        false,
        null,
        null,
        1);
  }

  private Delivery delivery(Endpoint endpoint, int bodyBytes) {
    Event event =
        new Event(
            new EventId(new UUID(7, events++)),
            endpoint.organization(),
            null,
            "key",
            new Hash128(0, 0),
            new Hash128(0, 0),
            "a",
            null,
            "application/json",
            "",
            new byte[bodyBytes]);
    return new Delivery(event, endpoint.id(), 0, 1);
  }

  private Lane lane(Endpoint endpoint) {
    return lanes.computeIfAbsent(endpoint.id(), Lane::new);
  }

  /** Gives an endpoint that hangs as many as it may have; gives the last of them. */
  private @Nullable Delivery fill(Endpoint endpoint, int bodyBytes) {
    Delivery last = null;
    while (room.deliveries(endpoint, lane(endpoint)) > 0) {
      last = delivery(endpoint, bodyBytes);
      lane(endpoint).waiting().add(last);
      room.takes(lane(endpoint), last);
    }
    return last;
  }

  @Test
  void manySmallDeliveriesFillALaneByTheirNumber() {
    Endpoint one = endpoint(1, 1, null);
    fill(one, 1);
    assertThat(lane(one).waiting()).hasSize(QUEUED);
  }

  @Test
  void ofAnEndpointWithARateNoMoreWaitsThanItTakesInTwoSeconds() {
    Endpoint slow = endpoint(1, 1, 10);
    fill(slow, 1);
    assertThat(lane(slow).waiting()).hasSize(20);
  }

  @Test
  void whoHangsOnLargeEventsLeavesAsMuchAsHeHolds() {
    Endpoint one = endpoint(1, 1, null);
    fill(one, BODY_BYTES);
    assertThat(room.freeBytes()).isBetween(MOST_BYTES / 2 - (16 << 10), MOST_BYTES / 2);
    // The second leaves a third, and the first cannot take what is left.
    Endpoint two = endpoint(2, 1, null);
    fill(two, BODY_BYTES);
    assertThat(room.freeBytes()).isGreaterThanOrEqualTo(MOST_BYTES / 4 - (16 << 10));
    assertThat(room.deliveries(one, lane(one))).isZero();
    assertThat(room.deliveries(endpoint(3, 1, null), null)).isPositive();
  }

  @Test
  void anOrganizationWithManyEndpointsLeavesAQuarter() {
    for (int i = 1; i <= 50; i++) {
      fill(endpoint(1, i, null), BODY_BYTES);
    }
    assertThat(room.freeBytes()).isBetween(MOST_BYTES / 4 - (16 << 10), MOST_BYTES / 4);
    assertThat(room.deliveries(endpoint(1, 51, null), null)).isZero();
    assertThat(room.deliveries(endpoint(2, 1, null), null)).isPositive();
  }

  @Test
  void whatIsClaimedAtOnceNeverTakesMoreThanTheShare() {
    Endpoint one = endpoint(1, 1, null);
    int bytes = room.bytes(one, null);
    assertThat(bytes).isEqualTo(MOST_BYTES / 2);
    fill(one, BODY_BYTES);
    assertThat(room.bytes(one, lane(one))).isZero();
  }

  @Test
  void whatEndsMakesRoomAgain() {
    Endpoint one = endpoint(1, 1, null);
    fill(one, BODY_BYTES);
    List.copyOf(lane(one).waiting())
        .forEach(
            delivery -> {
              lane(one).waiting().remove(delivery);
              room.leaves(lane(one), delivery);
            });
    assertThat(room.freeBytes()).isEqualTo(MOST_BYTES);
    assertThat(room.deliveries(one, lane(one))).isEqualTo(QUEUED);
  }
}
