using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>
/// A mask as COCO stores it: the lengths of the runs of background and object by turns, column by column, background first. It takes a few
/// hundred bytes instead of a picture, and masks are compared without unpacking them. Equal to the masks of COCO's own tools.
/// </summary>
/// <example><code>
/// var masks = RunLengthMask.EncodeEach(output.Masks > 0.5);
/// Console.WriteLine($"{masks[0].Area} pixels, IoU {masks[0].IntersectionOverUnion(truth)}, {masks[0]}");
/// </code></example>
public sealed class RunLengthMask
{
    // Where each run ends, counted over the whole picture; the object is in [0] to [1], [2] to [3] and so on, and the last is Height * Width.
    private readonly int[] _ends;

    private RunLengthMask(int height, int width, int[] ends)
    {
        (Height, Width, _ends) = (height, width, ends);
        for (var i = 1; i < ends.Length; i += 2)
            Area += ends[i] - ends[i - 1];
    }

    /// <summary>The picture's height.</summary>
    public int Height { get; }

    /// <summary>The picture's width.</summary>
    public int Width { get; }

    /// <summary>The number of pixels of the object.</summary>
    public long Area { get; }

    /// <summary>The lengths of the runs: background, object, background and so on.</summary>
    public IReadOnlyList<int> Runs => [.. _ends.Select((end, i) => i == 0 ? end : end - _ends[i - 1])];

    /// <summary>The smallest box around the object; all zeros where there is none.</summary>
    public ObjectBox Box
    {
        get
        {
            var (left, top, right, bottom) = (Width, Height, -1, -1);
            for (var i = 1; i < _ends.Length; i += 2)
            {
                var (first, last) = (_ends[i - 1], _ends[i] - 1);
                if (last < first)
                    continue;
                var (column, lastColumn) = (first / Height, last / Height);
                (left, right) = (Math.Min(left, column), Math.Max(right, lastColumn));
                (top, bottom) = column < lastColumn
                    ? (0, Height - 1)
                    : (Math.Min(top, first % Height), Math.Max(bottom, last % Height));
            }

            return right < 0 ? default : new(left, top, right - left + 1, bottom - top + 1);
        }
    }

    /// <summary>Packs a mask.</summary>
    /// <param name="mask">[H, W] of dtype Bool or Byte, on any device; what is not 0 is of the object.</param>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public static RunLengthMask Encode(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.dim() != 2)
            throw new ArgumentException($"Expected a mask [H, W]; the shape is {mask.ShapeText()}.", nameof(mask));
        using var one = mask.unsqueeze(0);
        return Encode(one, nameof(mask))[0];
    }

    /// <summary>Packs each of many masks.</summary>
    /// <param name="masks">[N, H, W] or [N, 1, H, W] of dtype Bool or Byte, on any device; what is not 0 is of the object.</param>
    /// <exception cref="ArgumentException">Another shape or dtype.</exception>
    public static IReadOnlyList<RunLengthMask> EncodeEach(Tensor masks)
    {
        ArgumentNullException.ThrowIfNull(masks);
        if (masks.dim() != 3 && !(masks.dim() == 4 && masks.shape[1] == 1))
            throw new ArgumentException($"Expected masks [N, H, W] or [N, 1, H, W]; the shape is {masks.ShapeText()}.", nameof(masks));
        using var flat = masks.dim() == 4 ? masks.squeeze(1) : masks.alias();
        return Encode(flat, nameof(masks));
    }

    /// <summary>Takes runs as they stand.</summary>
    /// <param name="runs">Background, object, background and so on; their sum is height times width.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="width">The picture's width.</param>
    /// <exception cref="ArgumentException">A run is negative, or the runs do not fill the picture.</exception>
    public static RunLengthMask FromRuns(IReadOnlyList<int> runs, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return FromRuns(runs.Select(run => (long)run), height, width, nameof(runs));
    }

    /// <summary>Takes runs in the compressed text of COCO's files, which <see cref="ToString"/> writes.</summary>
    /// <param name="text">The "counts" of a file.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="width">The picture's width.</param>
    /// <exception cref="ArgumentException">This is no such text, or its runs do not fill the picture.</exception>
    public static RunLengthMask Parse(string text, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FromRuns(RunLengthText.Parse(text), height, width, nameof(text));
    }

    /// <summary>The inside of a polygon, with the pixels that COCO's tools give it.</summary>
    /// <param name="corners">x and y of each corner by turns, three corners or more.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="width">The picture's width.</param>
    /// <exception cref="ArgumentException">Fewer corners, an odd count of numbers, or a number that is not finite.</exception>
    public static RunLengthMask FromPolygon(IReadOnlyList<double> corners, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(corners);
        CheckSize(height, width);
        if (corners.Count < 6 || corners.Count % 2 != 0)
            throw new ArgumentException($"Expected x and y of three corners or more; {corners.Count} numbers came.", nameof(corners));
        foreach (var corner in corners)
            if (!(Math.Abs(corner) < int.MaxValue / 16))
                throw new ArgumentException($"Expected corners in a picture; {corner} came.", nameof(corners));
        return FromToggles(PolygonFill.Toggles(corners, height, width), height, width);
    }

    /// <summary>What is of any of these masks.</summary>
    /// <param name="masks">One mask or more, of one size.</param>
    /// <exception cref="ArgumentException">No mask, or masks of several sizes.</exception>
    public static RunLengthMask Union(IReadOnlyList<RunLengthMask> masks)
    {
        ArgumentNullException.ThrowIfNull(masks);
        if (masks.Count == 0)
            throw new ArgumentException("Expected one mask or more.", nameof(masks));
        var first = masks[0];
        List<(int At, int Change)> changes = [];
        foreach (var mask in masks)
        {
            first.CheckSameSize(mask, nameof(masks));
            for (var i = 1; i < mask._ends.Length; i += 2)
                changes.AddRange([(mask._ends[i - 1], 1), (mask._ends[i], -1)]);
        }

        List<int> toggles = [];
        var depth = 0;
        foreach (var place in changes.GroupBy(change => change.At).OrderBy(group => group.Key))
        {
            var before = depth;
            depth += place.Sum(change => change.Change);
            if (before > 0 != depth > 0)
                toggles.Add(place.Key);
        }

        return FromToggles(toggles, first.Height, first.Width);
    }

    /// <summary>The mask as a tensor [H, W] of dtype Bool, on the CPU.</summary>
    public Tensor Decode()
    {
        using var scope = NewDisposeScope();
        var columns = zeros([Width, Height], ScalarType.Bool);
        var pixels = columns.bytes;
        for (var i = 1; i < _ends.Length; i += 2)
            pixels[_ends[i - 1].._ends[i]].Fill(1);
        return columns.transpose(0, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The common pixels over the pixels of both together; 0 where there is no common one.</summary>
    /// <param name="truth">The other mask, of the same size.</param>
    /// <param name="crowd">The other mask is of a crowd: the common pixels over those of this mask alone, as COCO's evaluation has it.</param>
    /// <exception cref="ArgumentException">The masks are of two sizes.</exception>
    public double IntersectionOverUnion(RunLengthMask truth, bool crowd = false)
    {
        ArgumentNullException.ThrowIfNull(truth);
        CheckSameSize(truth, nameof(truth));
        var common = 0L;
        for (int i = 1, j = 1; i < _ends.Length && j < truth._ends.Length;)
        {
            var overlap = Math.Min(_ends[i], truth._ends[j]) - Math.Max(_ends[i - 1], truth._ends[j - 1]);
            common += Math.Max(0, overlap);
            if (_ends[i] < truth._ends[j])
                i += 2;
            else
                j += 2;
        }

        return common == 0 ? 0 : (double)common / (crowd ? Area : Area + truth.Area - common);
    }

    /// <summary>The runs in the compressed text of COCO's files.</summary>
    public override string ToString() => RunLengthText.Write(Runs);

    private static RunLengthMask[] Encode(Tensor masks, string name)
    {
        if (masks.dtype is not (ScalarType.Bool or ScalarType.Byte))
            throw new ArgumentException($"Expected masks of dtype Bool or Byte; the dtype is {masks.dtype}.", name);
        var (count, height, width) = ((int)masks.shape[0], masks.shape[1], masks.shape[2]);
        CheckSize(height, width);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var columns = (masks.dtype == ScalarType.Bool ? masks : masks.ne(0)).cpu().transpose(1, 2).contiguous();
        var result = new RunLengthMask[count];
        var size = (int)(height * width);
        for (var i = 0; i < count; i++)
            result[i] = new((int)height, (int)width, Ends(columns.bytes.Slice(i * size, size)));
        return result;
    }

    private static int[] Ends(ReadOnlySpan<byte> pixels)
    {
        List<int> ends = [];
        var (at, value) = (0, (byte)0);
        while (at < pixels.Length)
        {
            var run = pixels[at..].IndexOfAnyExcept(value);
            at = run < 0 ? pixels.Length : at + run;
            ends.Add(at);
            value ^= 1;
        }

        return [.. ends];
    }

    /// <summary>Takes sorted places where the mask changes between background and object.</summary>
    private static RunLengthMask FromToggles(List<int> toggles, int height, int width)
    {
        if (toggles.Count == 0 || toggles[^1] != height * width)
            toggles.Add(height * width);
        return new(height, width, [.. toggles]);
    }

    private static RunLengthMask FromRuns(IEnumerable<long> runs, int height, int width, string name)
    {
        CheckSize(height, width);
        List<int> ends = [];
        var (total, size) = (0L, (long)height * width);
        foreach (var run in runs)
        {
            total += run;
            if (run < 0 || total > size)
                throw new ArgumentException($"Run {ends.Count} is of {run} pixels, up to {total}; the picture has {size}.", name);
            ends.Add((int)total);
        }

        return total == size
            ? new(height, width, [.. ends])
            : throw new ArgumentException($"The runs are of {total} pixels; the picture has {height} x {width} = {size}.", name);
    }

    private static void CheckSize(long height, long width)
    {
        if (height < 1 || width < 1 || height * width > int.MaxValue)
            throw new ArgumentException($"Expected a picture of 1 to {int.MaxValue} pixels; the size is {height} x {width}.");
    }

    private void CheckSameSize(RunLengthMask other, string name)
    {
        if (other.Height != Height || other.Width != Width)
            throw new ArgumentException($"The masks are of {Height} x {Width} and of {other.Height} x {other.Width} pixels.", name);
    }
}
