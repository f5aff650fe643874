package io.beringia.scenarios.fault;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What packets between sites suffer: an effect, on each of these ways. Pure.
 *
 * @param ways not empty
 */
public record LinkFault(Effect effect, List<Way> ways) {
    public LinkFault {
        ways = List.copyOf(ways);
        if (ways.isEmpty()) {
            throw new IllegalArgumentException("fault: no way (expected: at least one)");
        }
    }

    /** From one site to another, in this direction only. */
    public record Way(Site from, Site to) {}

    /** What becomes of a packet. */
    public sealed interface Effect {
        /** What the kernel's rules can do. */
        sealed interface Rule extends Effect {}

        /**
         * Whatever a link does that is slow, or loses much at a time; see {@link LinkEmulator}.
         *
         * @param model as it prints
         */
        record Emulate(String model) implements Effect {
            public Emulate {
                model = LinkModel.parse(model).toString();
            }
        }

        /** Nobody hears of it again. */
        record Drop() implements Rule {}

        /** A TCP connection to that port is reset, the others go on. */
        record Refuse(int port) implements Rule {}

        /** Each is lost with that chance, in percent, on its own. */
        record Lose(int percent) implements Rule {
            public Lose {
                if (percent < 1 || percent > 100) {
                    throw new IllegalArgumentException("loss: " + percent + " % (expected: 1..100)");
                }
            }
        }

        /** Those with more octets are lost, and nobody is told (RFC 2923, 2.1). */
        record DropAbove(int octets) implements Rule {}
    }

    /** A table of its own, so that to delete that is to lift the fault. */
    String table(String name, Effect.Rule effect) {
        return ways.stream()
                .map(way -> "ip saddr " + way.from().prefix() + " ip daddr "
                        + way.to().prefix() + " " + rule(effect))
                .collect(Collectors.joining(
                        "\n",
                        "table inet " + name + " {\nchain forward {\ntype filter hook forward priority 0;\n",
                        "\n}\n}\n"));
    }

    private static String rule(Effect.Rule effect) {
        return switch (effect) {
            case Effect.Drop drop -> "drop";
            case Effect.Refuse refuse -> "tcp dport " + refuse.port() + " reject with tcp reset";
            case Effect.Lose lose -> "numgen random mod 100 < " + lose.percent() + " drop";
            case Effect.DropAbove above -> "meta length > " + above.octets() + " drop";
        };
    }
}
