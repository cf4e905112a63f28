using TorchSharp;

namespace DeepTricks.Kernels;

/// <summary>Splits the rows of a kernel over as many threads as libtorch uses, where the work is worth waking them.</summary>
internal static class RowParallel
{
    /// <summary>Elements below which one thread is faster: waking the pool costs about as much as passing over so many.</summary>
    private const long Worthwhile = 32 * 1024;

    /// <summary>Calls <paramref name="body"/> with consecutive ranges that cover the rows; it may run on several threads at once.</summary>
    public static void For(long rows, long elementsPerRow, Action<long, long> body)
    {
        var threads = Math.Min(torch.get_num_threads(), rows);
        if (threads <= 1 || rows * elementsPerRow < Worthwhile)
        {
            body(0, rows);
            return;
        }

        Parallel.For(0, threads, i => body(rows * i / threads, rows * (i + 1) / threads));
    }

    /// <summary>Calls <paramref name="body"/> with each item, of which some may take longer than others; on several threads at once.</summary>
    public static void Each(int items, long elementsPerItem, Action<int> body)
    {
        var threads = Math.Min(torch.get_num_threads(), items);
        if (threads <= 1 || items * elementsPerItem < Worthwhile)
        {
            for (var i = 0; i < items; i++)
            {
                body(i);
            }

            return;
        }

        Parallel.For(0, items, new() { MaxDegreeOfParallelism = threads }, body);
    }
}
