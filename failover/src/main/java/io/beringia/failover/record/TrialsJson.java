package io.beringia.failover.record;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.health.Attempts;
import io.beringia.failover.health.Baseline;
import io.beringia.failover.health.Counts;
import io.beringia.failover.health.Pace;
import io.beringia.failover.health.Trial;
import io.beringia.failover.health.Trial.Finding;
import io.beringia.failover.health.Trial.Second;
import io.beringia.failover.health.Trials;
import io.beringia.failover.health.Trials.Place;
import io.beringia.failover.health.Trials.Vantage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Between what a leader remembers of services and JSON: lists of lists, since there are many. */
final class TrialsJson {
    private TrialsJson() {}

    /** Places stand beside whose outcomes they count, so that names are not said twice. */
    static ArrayNode write(Trials trials) {
        SortedMap<Vantage, ObjectNode> all = new TreeMap<>();
        trials.trials().forEach((vantage, trial) -> trial(of(vantage, all), trial));
        trials.counters()
                .forEach((place, sofar) -> longs(
                        of(place.vantage(), all)
                                .withArray("counters")
                                .addArray()
                                .add(place.observer())
                                .add(place.endpoint())
                                .add(sofar.attempts().tried())
                                .add(sofar.attempts().failed()),
                        sofar.firstBytes()));
        ArrayNode json = JsonMapper.shared().createArrayNode();
        all.values().forEach(json::add);
        return json;
    }

    private static ObjectNode of(Vantage vantage, SortedMap<Vantage, ObjectNode> all) {
        return all.computeIfAbsent(
                vantage,
                it -> JsonMapper.shared()
                        .createObjectNode()
                        .put("service", it.service())
                        .put("region", it.region().name())
                        .put("site", it.site().name()));
    }

    private static void trial(ObjectNode json, Trial trial) {
        json.put("evidence", trial.evidence());
        attempts(json.putArray("present"), trial.present());
        json.putArray("second")
                .add(trial.second().since().toString())
                .add(trial.second().evidence());
        json.putArray("baseline")
                .add(trial.baseline().since().toString())
                .add(trial.baseline().tried())
                .add(trial.baseline().failed());
        Pace pace = trial.pace();
        longs(
                json.putArray("pace")
                        .add(pace.since().toString())
                        .add(pace.slow())
                        .add(pace.last()),
                pace.present());
        longs(json.putArray("usual"), pace.usual());
        pace.slowAt().ifPresent(at -> json.put("slowAt", at.toString()));
        trial.grayAt().ifPresent(at -> json.put("grayAt", at.toString()));
        trial.finding()
                .ifPresent(it -> attempts(
                        json.putArray(it.isGray() ? "gray" : "well").add(it.at().toString()), it.outcomes()));
    }

    private static void attempts(ArrayNode json, Attempts attempts) {
        json.add(attempts.tried()).add(attempts.failed());
    }

    static Trials read(JsonNode json) {
        SortedMap<Place, Counts> counters = new TreeMap<>();
        SortedMap<Vantage, Trial> trials = new TreeMap<>();
        for (JsonNode one : json) {
            Vantage vantage = new Vantage(
                    one.path("service").asString(),
                    new RegionId(one.path("region").asString()),
                    new RegionId(one.path("site").asString()));
            for (JsonNode counter : one.path("counters")) {
                counters.put(
                        new Place(counter.path(0).asString(), counter.path(1).asString(), vantage),
                        new Counts(attempts(counter, 2), longs(counter, 4)));
            }
            if (one.has("evidence")) {
                trials.put(vantage, trial(one));
            }
        }
        return new Trials(counters, trials);
    }

    private static Trial trial(JsonNode json) {
        return new Trial(
                finding(json.path("gray"), true).or(() -> finding(json.path("well"), false)),
                json.path("evidence").asLong(),
                attempts(json.path("present"), 0),
                new Second(at(json.path("second")), json.path("second").path(1).asLong()),
                json.path("grayAt").stringValueOpt().map(Instant::parse),
                new Baseline(
                        json.path("baseline").path(1).asLong(),
                        json.path("baseline").path(2).asLong(),
                        at(json.path("baseline"))),
                new Pace(
                        longs(json.path("pace"), 3),
                        at(json.path("pace")),
                        json.path("pace").path(1).asInt(),
                        json.path("slowAt").stringValueOpt().map(Instant::parse),
                        json.path("pace").path(2).asLong(),
                        longs(json.path("usual"), 0)));
    }

    private static void longs(ArrayNode json, List<Long> all) {
        all.forEach(json::add);
    }

    private static List<Long> longs(JsonNode json, int first) {
        return json.valueStream().skip(first).map(JsonNode::asLong).toList();
    }

    private static Optional<Finding> finding(JsonNode json, boolean isGray) {
        return json.isMissingNode() ? Optional.empty() : Optional.of(new Finding(isGray, at(json), attempts(json, 1)));
    }

    private static Instant at(JsonNode json) {
        return Instant.parse(json.path(0).asString());
    }

    private static Attempts attempts(JsonNode json, int first) {
        return new Attempts(json.path(first).asLong(), json.path(first + 1).asLong());
    }
}
