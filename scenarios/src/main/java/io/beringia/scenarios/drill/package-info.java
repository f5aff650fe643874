/** What a drill has shown: counted from outcomes and journals, judged against bounds, printed as table, JSON and page. */
@NullMarked
package io.beringia.scenarios.drill;

import org.jspecify.annotations.NullMarked;
