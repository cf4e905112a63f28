namespace DeepTricks.Kernels;

/// <summary>
/// The grid of an image, each pixel joined to its eight neighbours, with the edges in the order of their weight: the distance of the two colours.
/// Sorted once, it is segmented at any number of scales.
/// </summary>
internal sealed class PixelGraph
{
    private const int Directions = 4, RadixBits = 11, Radix = 1 << RadixBits, Passes = 3;

    private readonly int _width, _height;

    /// <summary>The edges by weight: first pixel · 4 + direction.</summary>
    private readonly int[] _edges;
    private readonly float[] _weights;

    /// <param name="planes">The channels, each height × width.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public PixelGraph(IReadOnlyList<double[]> planes, int width, int height)
    {
        (_width, _height) = (width, height);
        var (weights, edges) = Edges(planes);
        (_weights, _edges) = Sorted(weights, edges);
    }

    /// <summary>
    /// Merges along the edges while an edge is lighter than what holds each side together plus scale / size, then merges what is smaller than a
    /// minimum into its nearest neighbour (Felzenszwalb and Huttenlocher, 2004).
    /// </summary>
    /// <returns>For each pixel the number of its segment, from 0 in the order of the segments' first pixels, and how many there are.</returns>
    public (int[] Labels, int Count) Segment(double scale, int minimumSize)
    {
        var parents = new int[_width * _height];
        var sizes = new int[parents.Length];
        var bounds = new double[parents.Length];
        for (var i = 0; i < parents.Length; i++) (parents[i], sizes[i], bounds[i]) = (i, 1, scale);
        for (var i = 0; i < _edges.Length; i++)
        {
            var (a, b) = Roots(parents, _edges[i]);
            if (a == b || !(_weights[i] < Math.Min(bounds[a], bounds[b]))) continue;
            Join(parents, sizes, a, b);
            var root = Math.Min(a, b);
            bounds[root] = _weights[i] + (scale / sizes[root]);
        }

        for (var i = 0; minimumSize > 1 && i < _edges.Length; i++)
        {
            var (a, b) = Roots(parents, _edges[i]);
            if (a != b && (sizes[a] < minimumSize || sizes[b] < minimumSize)) Join(parents, sizes, a, b);
        }

        return Numbered(parents);
    }

    private static (int[] Labels, int Count) Numbered(int[] parents)
    {
        var labels = new int[parents.Length];
        var count = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            // A root is the first pixel of its segment, so its number is there before the others ask for it.
            var root = Root(parents, i);
            labels[i] = root == i ? count++ : labels[root];
        }

        return (labels, count);
    }

    private (int A, int B) Roots(int[] parents, int edge)
    {
        var first = edge / Directions;
        return (Root(parents, first), Root(parents, first + Offset(edge % Directions)));
    }

    private static int Root(int[] parents, int at)
    {
        while (parents[at] != at) at = parents[at] = parents[parents[at]];
        return at;
    }

    private static void Join(int[] parents, int[] sizes, int a, int b)
    {
        var (root, other) = a < b ? (a, b) : (b, a);
        parents[other] = root;
        sizes[root] += sizes[other];
    }

    /// <summary>Right, down, down and right, down and left.</summary>
    private int Offset(int direction) => direction switch { 0 => 1, 1 => _width, 2 => _width + 1, _ => _width - 1 };

    private (float[] Weights, int[] Edges) Edges(IReadOnlyList<double[]> planes)
    {
        var count = (_height * (_width - 1)) + ((_height - 1) * _width) + (2 * (_height - 1) * (_width - 1));
        var (weights, edges) = (new float[count], new int[count]);
        var next = 0;
        for (var direction = 0; direction < Directions; direction++)
        {
            var (left, right) = (direction == 3 ? 1 : 0, direction is 0 or 2 ? _width - 1 : _width);
            var bottom = direction == 0 ? _height : _height - 1;
            var offset = Offset(direction);
            for (var y = 0; y < bottom; y++)
            {
                for (var x = left; x < right; x++)
                {
                    var pixel = (y * _width) + x;
                    var square = 0.0;
                    foreach (var plane in planes)
                    {
                        var difference = plane[pixel + offset] - plane[pixel];
                        square += difference * difference;
                    }

                    (weights[next], edges[next]) = ((float)Math.Sqrt(square), (pixel * Directions) + direction);
                    next++;
                }
            }
        }

        return (weights, edges);
    }

    /// <summary>A stable radix sort: the bits of floats that are not negative stand in the floats' own order.</summary>
    private static (float[] Weights, int[] Edges) Sorted(float[] weights, int[] edges)
    {
        var (otherWeights, otherEdges) = (new float[weights.Length], new int[edges.Length]);
        var starts = new int[Radix];
        for (var pass = 0; pass < Passes; pass++)
        {
            var shift = pass * RadixBits;
            Array.Clear(starts);
            foreach (var weight in weights) starts[Digit(weight, shift)]++;
            for (int digit = 0, sum = 0; digit < Radix; digit++) (starts[digit], sum) = (sum, sum + starts[digit]);
            for (var i = 0; i < weights.Length; i++)
            {
                var place = starts[Digit(weights[i], shift)]++;
                (otherWeights[place], otherEdges[place]) = (weights[i], edges[i]);
            }

            (weights, otherWeights) = (otherWeights, weights);
            (edges, otherEdges) = (otherEdges, edges);
        }

        return (weights, edges);
    }

    private static int Digit(float weight, int shift) => (int)(BitConverter.SingleToUInt32Bits(weight) >> shift) & (Radix - 1);
}
