namespace DeepTricks.Kernels;

/// <summary>Sorts by a 32-bit key, with what belongs to it: three passes of 11 bits, as many as there are digits that differ.</summary>
internal static unsafe class RadixSort
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;
    private const int Passes = 3;
    private const int KeyShift = 32;

    /// <summary>Sorts items by their upper halves, the largest first; equal ones keep their order.</summary>
    /// <param name="items">The items; overwritten.</param>
    /// <param name="scratch">Room for as many.</param>
    /// <param name="count">The number of items.</param>
    /// <returns>Which of the two holds the result.</returns>
    public static ulong* Descending(ulong* items, ulong* scratch, int count)
    {
        var starts = stackalloc int[Passes * Digits];
        new Span<int>(starts, Passes * Digits).Clear();
        for (var i = 0; i < count; i++)
        {
            var key = (uint)(items[i] >> KeyShift);
            for (var pass = 0; pass < Passes; pass++)
            {
                starts[(pass * Digits) + Digit(key, pass)]++;
            }
        }

        for (var pass = 0; pass < Passes; pass++)
        {
            var table = starts + (pass * Digits);
            if (count > 0 && table[Digit((uint)(items[0] >> KeyShift), pass)] == count)
            {
                continue;
            }

            var before = 0;
            for (var digit = Digits - 1; digit >= 0; digit--)
            {
                (table[digit], before) = (before, before + table[digit]);
            }

            for (var i = 0; i < count; i++)
            {
                scratch[table[Digit((uint)(items[i] >> KeyShift), pass)]++] = items[i];
            }

            var sorted = scratch;
            scratch = items;
            items = sorted;
        }

        return items;
    }

    private static int Digit(uint key, int pass) => (int)(key >> (pass * DigitBits)) & (Digits - 1);
}
