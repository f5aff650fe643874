package io.beringia.scenarios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Every round of every figure, by proxy. Owned by the bench's thread. */
final class Results {
    private final Map<Figure, Map<String, List<Double>>> samples = new LinkedHashMap<>();

    void add(String peer, Map<Figure, Double> round) {
        round.forEach((figure, value) -> samples.computeIfAbsent(figure, _ -> new LinkedHashMap<>())
                .computeIfAbsent(peer, _ -> new ArrayList<>())
                .add(value));
    }

    List<Figure> figures() {
        return List.copyOf(samples.keySet());
    }

    List<Double> of(Figure figure, String peer) {
        return List.copyOf(samples.getOrDefault(figure, Map.of()).getOrDefault(peer, List.of()));
    }

    /** How many times better one is than another, by the rounds that both have; empty if there are none. */
    Optional<Spread> advantage(Figure figure, String ours, String theirs) {
        List<Double> first = of(figure, ours);
        List<Double> second = of(figure, theirs);
        return Spread.of(IntStream.range(0, Math.min(first.size(), second.size()))
                .mapToObj(round -> figure.advantage(first.get(round), second.get(round)))
                .toList());
    }

    Optional<Spread> spread(Figure figure, String peer) {
        return Spread.of(of(figure, peer));
    }

    /** The middle of some values, and the smallest and the greatest. */
    record Spread(double median, double least, double most) {
        static Optional<Spread> of(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            if (sorted.isEmpty()) {
                return Optional.empty();
            }
            int half = sorted.size() / 2;
            double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
            return Optional.of(new Spread(median, sorted.getFirst(), sorted.getLast()));
        }
    }
}
