using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>One search for the nearest neighbours of all points; see <see cref="NearestNeighbors"/>.</summary>
internal sealed class NeighborSearch
{
    private const int Tile = 1024;
    private const int Probes = 64;
    private const int MostOnStack = 64;

    /// <summary>The most bounds that are held at a time.</summary>
    private const long BlockElements = 8 << 20;

    /// <summary>The part of the probed points that a precision must prove for a search of all points in it to pay.</summary>
    private const double WorthIt = 0.8;

    private readonly Tensor _points;
    private readonly Tensor _centre;
    private readonly double _scale;
    private readonly NearestNeighborsOptions _options;
    private readonly NearestNeighbors _found;
    private readonly int _count, _length, _needed, _rows;
    private readonly bool _kernels;

    /// <param name="points">[points, features], Float32 or Float64, contiguous and finite.</param>
    /// <param name="options">The settings.</param>
    internal NeighborSearch(Tensor points, NearestNeighborsOptions options)
    {
        (_points, _options, _rows) = (points, options, (int)points.shape[0]);
        _count = Math.Min(options.Count, _rows - 1);
        _length = Math.Min(_count + options.Candidates, _rows - 1);
        _needed = Math.Min(2, _count);
        _kernels = points.device_type == DeviceType.CPU && !options.TensorOperations;
        _found = new(_rows, _count);
        _centre = points.mean([0L]);
        // A power of two, so that nothing is rounded: small numbers must not underflow, and large ones not overflow, when they are squared.
        var largest = DataPoints.LargestMagnitude(points);
        _scale = largest > 0 ? Math.ScaleB(1, -Math.ILogB(largest)) : 1;
    }

    internal NearestNeighbors Run()
    {
        var open = Enumerable.Range(0, _rows).ToArray();
        var precisions = _options.Precisions?.Select(ProductPrecision.Of).ToArray() ?? ProductPrecision.For(_points);
        foreach (var precision in precisions)
        {
            if (open.Length == 0) break;
            using var scope = NewDisposeScope();
            var factors = new Factors(_points, _centre, _scale, precision);
            if (open.Length < _rows)
            {
                open = SearchRows(factors, open);
            }
            else
            {
                var triangle = _kernels && precision.Type != ScalarType.Float64;
                if (triangle) factors.Keep();
                if (precision != precisions[^1] && !Proves(factors)) continue;
                open = triangle ? SearchTriangle(factors) : SearchRows(factors, open);
                _found.SearchedAgain = open.Length;
            }
        }

        foreach (var row in open)
            SearchDirectly(row);
        return _found;
    }

    private bool Proves(Factors factors)
    {
        var probes = Enumerable.Range(0, Math.Min(Probes, _rows)).Select(i => (int)((long)i * _rows / Math.Min(Probes, _rows))).ToArray();
        return SearchRows(factors, probes).Length <= (1 - WorthIt) * probes.Length;
    }

    /// <summary>All points by one half of the tiles, and the rows that it does not prove.</summary>
    private int[] SearchTriangle(Factors factors)
    {
        var lists = new NearestCandidates(
            factors.Squares.to(ScalarType.Float32).Values<float>(), factors.Norms.to(ScalarType.Float32).Values<float>(), (float)factors.Slack, (float)factors.ProductLoss, _length);
        for (var row = 0; row < _rows; row += Tile)
        {
            for (var column = row; column < _rows; column += Tile)
            {
                using var scope = NewDisposeScope();
                lists.Add(factors.Products(row, Math.Min(Tile, _rows - row), column, Math.Min(Tile, _rows - column)), row, column);
            }
        }

        var proven = new bool[_rows];
        RowParallel.For(_rows, _length * _points.shape[1], (from, to) =>
        {
            var bounds = new double[_length];
            for (var row = (int)from; row < to; row++)
            {
                for (var i = 0; i < _length; i++)
                    bounds[i] = lists.Bounds(row)[i];
                proven[row] = Verify(row, bounds, lists.Indices(row));
            }
        });
        return [.. Enumerable.Range(0, _rows).Where(row => !proven[row])];
    }

    /// <summary>Some points against all, by tensor operations, and those of them that it does not prove.</summary>
    private int[] SearchRows(Factors factors, int[] rows)
    {
        var open = new List<int>();
        var block = (int)Math.Clamp(BlockElements / _rows, 1, Tile);
        foreach (var part in rows.Chunk(block))
        {
            using var scope = NewDisposeScope();
            var index = tensor(Array.ConvertAll(part, row => (long)row), device: _points.device);
            var bounds = factors.Bounds(index);
            // The point itself by its index, and not as the one at distance 0: a duplicate is as near.
            bounds.scatter_(1, index.unsqueeze(1), full([part.Length, 1], double.PositiveInfinity, bounds.dtype, _points.device));
            var (lowest, places) = bounds.topk(_length, 1, largest: false);
            if (_kernels) VerifyEach(part, lowest, places, open);
            else VerifyTogether(part, index, lowest, places, open);
        }

        return [.. open];
    }

    private void VerifyEach(int[] rows, Tensor lowest, Tensor places, List<int> open)
    {
        var bounds = lowest.to(ScalarType.Float64).Values<double>();
        var indices = places.to(ScalarType.Int32).Values<int>();
        var proven = new bool[rows.Length];
        RowParallel.For(rows.Length, _length * _points.shape[1], (from, to) =>
        {
            for (var i = (int)from; i < to; i++)
                proven[i] = Verify(rows[i], bounds.AsSpan(i * _length, _length), indices.AsSpan(i * _length, _length));
        });
        open.AddRange(rows.Where((_, i) => !proven[i]));
    }

    /// <summary>The distances of a point's candidates in double precision, until those that follow cannot be among the nearest.</summary>
    private bool Verify(int row, ReadOnlySpan<double> bounds, ReadOnlySpan<int> candidates)
    {
        Span<double> squares = _count <= MostOnStack ? stackalloc double[_count] : new double[_count];
        Span<int> indices = _count <= MostOnStack ? stackalloc int[_count] : new int[_count];
        var (filled, outside) = (0, _length == _rows - 1 ? double.PositiveInfinity : Unscaled(bounds[^1]));
        for (var i = 0; i < candidates.Length; i++)
        {
            if (filled == _count && Unscaled(bounds[i]) > squares[^1])
            {
                outside = Unscaled(bounds[i]);
                break;
            }

            var square = Square(row, candidates[i]);
            if (filled == _count && square >= squares[^1]) continue;
            var at = filled < _count ? filled++ : _count - 1;
            for (; at > 0 && squares[at - 1] > square; at--)
                (squares[at], indices[at]) = (squares[at - 1], indices[at - 1]);
            (squares[at], indices[at]) = (square, candidates[i]);
        }

        return Keep(row, squares[..filled], indices, outside);
    }

    /// <summary>The same by tensor operations.</summary>
    private void VerifyTogether(int[] rows, Tensor index, Tensor lowest, Tensor places, List<int> open)
    {
        var squares = new List<Tensor>();
        foreach (var (from, count) in DataPoints.Pieces(rows.Length, _length * _points.shape[1]))
        {
            using var scope = NewDisposeScope();
            var own = _points.index_select(0, index.narrow(0, from, count)).to(ScalarType.Float64).unsqueeze(1);
            var others = _points.index_select(0, places.narrow(0, from, count).flatten()).to(ScalarType.Float64).view(count, _length, -1);
            squares.Add((own - others).square().sum(2L).MoveToOuterDisposeScope());
        }

        var (sorted, order) = cat(squares).topk(_count, 1, largest: false);
        var (distances, indices) = (sorted.cpu().Values<double>(), places.gather(1, order).to(ScalarType.Int32).cpu().Values<int>());
        var outside = lowest.select(1, -1).to(ScalarType.Float64).cpu().Values<double>();
        for (var i = 0; i < rows.Length; i++)
        {
            var limit = _length == _rows - 1 ? double.PositiveInfinity : Unscaled(outside[i]);
            if (!Keep(rows[i], distances.AsSpan(i * _count, _count), indices.AsSpan(i * _count, _count), limit)) open.Add(rows[i]);
        }
    }

    /// <summary>Keeps the neighbours that nothing outside the list can be nearer than, and says whether they are enough.</summary>
    private bool Keep(int row, ReadOnlySpan<double> squares, ReadOnlySpan<int> indices, double outside)
    {
        // A bound may be negative, and a distance not.
        outside = Math.Max(0, outside);
        var proven = squares.Length;
        while (proven > 0 && squares[proven - 1] > outside) proven--;
        if (proven < _needed) return false;
        _found.Set(row, squares[..proven], indices[..proven]);
        return true;
    }

    private void SearchDirectly(int row)
    {
        using var scope = NewDisposeScope();
        var (squares, indices) = DirectSquares(_points, row).topk(_count, 0, largest: false);
        _found.Set(row, squares.cpu().Values<double>(), indices.to(ScalarType.Int32).cpu().Values<int>());
    }

    /// <summary>The squared distances of a point to all, in double precision and by their differences; to itself infinite.</summary>
    internal static Tensor DirectSquares(Tensor points, int row)
    {
        using var scope = NewDisposeScope();
        var own = points[row].to(ScalarType.Float64);
        var squares = cat([.. DataPoints.Pieces(points.shape[0], points.shape[1])
            .Select(piece => (points.narrow(0, piece.From, piece.Count).to(ScalarType.Float64) - own).square().sum(1L))]);
        squares[row] = double.PositiveInfinity;
        return squares.MoveToOuterDisposeScope();
    }

    private double Unscaled(double square) => square / (_scale * _scale);

    private unsafe double Square(int row, int other)
    {
        var features = _points.shape[1];
        if (_points.dtype == ScalarType.Float64)
        {
            var points = (double*)Address;
            return SquaredDistance.Between(points + (row * features), points + (other * features), features);
        }

        var singles = (float*)Address;
        return SquaredDistance.Between(singles + (row * features), singles + (other * features), features);
    }

    private nint Address => field == 0 ? field = TensorMemory.Address(_points) : field;
}
