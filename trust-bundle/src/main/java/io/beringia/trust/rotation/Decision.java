package io.beringia.trust.rotation;

import java.util.List;

/** What to do with a rotation now. */
public sealed interface Decision {
    /** Nothing is on the way. */
    record Rest() implements Decision {}

    /**
     * The next phase may be stored, and becomes the order of the mesh once it is.
     *
     * @param passed the gates that were open
     */
    record Advance(RotationPhase to, List<Gate> passed) implements Decision {
        public Advance {
            passed = List.copyOf(passed);
        }
    }

    /** Gates are closed. What is missing, in the order of the gates. */
    record Hold(List<Missing> missing) implements Decision {
        public Hold {
            missing = List.copyOf(missing);
        }

        /** The first gate that is closed. */
        public Gate gate() {
            return missing.getFirst().gate();
        }

        /** One line for each thing that is missing, for people. */
        public List<String> text() {
            return missing.stream()
                    .map(one -> one.gate().words() + "? " + one.text())
                    .toList();
        }
    }

    /** What an operator wants makes no sense where the rotation stands. */
    record Refuse(String why) implements Decision {}
}
