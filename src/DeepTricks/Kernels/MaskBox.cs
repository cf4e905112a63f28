namespace DeepTricks.Kernels;

/// <summary>The part of an image that holds two masks, with an empty margin of one element on all sides.</summary>
internal sealed unsafe class MaskBox
{
    private readonly long[] _image;
    private readonly long[] _start;
    private readonly long[] _size;

    private MaskBox(long[] image, long[] start, long[] size) => (_image, _start, _size) = (image, start, size);

    /// <summary>With the margin: as many dimensions as the image has. Empty where both masks are.</summary>
    internal long[] Shape => _size.Length == 0 ? [] : [.. _size.Skip(_image.Length == 2 ? 1 : 0).Select(length => length + 2)];

    /// <summary>With the margin.</summary>
    internal long Elements => Shape.Length == 0 ? 0 : Shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>Finds the box around both.</summary>
    /// <param name="first">A mask, each element 0 or 1.</param>
    /// <param name="second">Another one.</param>
    /// <param name="image">The shape of the image: two or three dimensions.</param>
    internal static MaskBox Around(byte* first, byte* second, ReadOnlySpan<long> image)
    {
        var (depth, height, width) = (image.Length == 3 ? image[0] : 1, image[^2], (int)image[^1]);
        var (top, bottom, front, back, left, right) = (height, -1L, depth, -1L, (long)width, -1L);
        for (var z = 0L; z < depth; z++)
        {
            for (var y = 0L; y < height; y++)
            {
                foreach (var mask in (ReadOnlySpan<nint>)[(nint)first, (nint)second])
                {
                    var row = new ReadOnlySpan<byte>((byte*)mask + (((z * height) + y) * width), width);
                    var at = row.IndexOf((byte)1);
                    if (at < 0)
                        continue;
                    (left, right) = (Math.Min(left, at), Math.Max(right, row.LastIndexOf((byte)1)));
                    (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
                    (front, back) = (Math.Min(front, z), Math.Max(back, z));
                }
            }
        }

        return right < 0 ? new(image.ToArray(), [], []) : new(image.ToArray(), [front, top, left], [back - front + 1, bottom - top + 1, right - left + 1]);
    }

    /// <summary>A mask's part in the box, with the margin.</summary>
    internal byte[] Cut(byte* mask)
    {
        var part = new byte[Elements];
        var (height, width) = (_image[^2], _image[^1]);
        var (partHeight, partWidth) = (_size[1] + 2, _size[2] + 2);
        var margin = _image.Length == 3 ? 1 : 0;
        for (var z = 0L; z < _size[0]; z++)
        {
            for (var y = 0L; y < _size[1]; y++)
            {
                var from = ((((_start[0] + z) * height) + _start[1] + y) * width) + _start[2];
                var to = (((((z + margin) * partHeight) + y + 1) * partWidth) + 1);
                new ReadOnlySpan<byte>(mask + from, (int)_size[2]).CopyTo(part.AsSpan((int)to));
            }
        }

        return part;
    }
}
