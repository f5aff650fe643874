/** Drills: written down as text, played with real processes in network namespaces, judged by what was counted. */
@NullMarked
package io.beringia.scenarios.drill.play;

import org.jspecify.annotations.NullMarked;
