using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

/// <summary>Centred points as the factors of matrix products in some precision, in the caller's dispose scope.</summary>
internal sealed class Factors
{
    /// <summary>What a norm in single precision may be too low by, generously.</summary>
    private const double SumOfSquaresError = 1e-3;

    private readonly Tensor _points, _centre;
    private readonly double _scale;
    private readonly ProductPrecision _precision;
    private Tensor? _kept;

    internal Factors(Tensor points, Tensor centre, double scale, ProductPrecision precision)
    {
        (_points, _centre, _scale, _precision) = (points, centre, scale, precision);
        Slack = precision.Slack(points.shape[1]);
        using var scope = NewDisposeScope();
        var squares = cat([.. DataPoints.Pieces(points.shape[0], points.shape[1]).Select(piece => Squared(piece.From, piece.Count))]);
        Norms = squares.sqrt().MoveToOuterDisposeScope();
        Squares = (squares * (1 - precision.Loss)).MoveToOuterDisposeScope();
    }

    /// <summary>See <see cref="ProductPrecision.Slack"/>.</summary>
    internal double Slack { get; private set; }

    /// <summary>See <see cref="ProductPrecision.ProductLoss"/>.</summary>
    internal double ProductLoss => _precision.ProductLoss;

    /// <summary>The squared norms of the points, in double precision, less <see cref="ProductPrecision.Loss"/>.</summary>
    internal Tensor Squares { get; }

    /// <summary>The norms of the points, in double precision.</summary>
    internal Tensor Norms { get; }

    /// <summary>Keeps all factors, for products of many tiles.</summary>
    internal void Keep()
    {
        _kept = empty(_points.shape, _precision.Type, _points.device);
        var rounding = 0.0;
        foreach (var (from, count) in DataPoints.Pieces(_points.shape[0], _points.shape[1]))
        {
            using var scope = NewDisposeScope();
            var centred = Centred(_points.narrow(0, from, count), _centre);
            var kept = _kept.narrow(0, from, count);
            kept.copy_(centred);
            if (_precision.Type == ScalarType.BFloat16)
            {
                // Half of what it can be at most, as the digits fall: worth measuring.
                var lost = centred.sub_(kept).norm(1).to(ScalarType.Float64).div_(Norms.narrow(0, from, count));
                rounding = Math.Max(rounding, lost.nan_to_num(0).max().item<double>());
            }
        }

        if (_precision.Type == ScalarType.BFloat16) Slack = _precision.Slack(_points.shape[1], rounding * (1 + SumOfSquaresError));
    }

    /// <summary>The inner products of some consecutive points with others; needs <see cref="Keep"/>.</summary>
    internal Tensor Products(int row, int rows, int column, int columns) => Product(_kept!.narrow(0, row, rows), _kept!.narrow(0, column, columns));

    /// <summary>Lower bounds of the squared distances of some points to all, scaled.</summary>
    internal Tensor Bounds(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var type = _precision.Type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var products = zeros([rows.shape[0], _points.shape[0]], type, _points.device);
        var chunk = Math.Min(_precision.Chunk, _points.shape[1]);
        for (var feature = 0L; feature < _points.shape[1]; feature += chunk)
            AddProducts(products, rows, feature, Math.Min(chunk, _points.shape[1] - feature));

        var (squares, norms) = (Squares.to(type), Norms.to(type));
        var rounding = products.abs().mul_(ProductLoss);
        var bounds = products.mul_(-2).sub_(rounding).add_(squares).add_(squares.index_select(0, rows).unsqueeze(1));
        bounds.addr_(norms.index_select(0, rows), norms, alpha: (float)-Slack);
        return bounds.MoveToOuterDisposeScope();
    }

    private void AddProducts(Tensor products, Tensor rows, long feature, long features)
    {
        using var scope = NewDisposeScope();
        if (_kept is not null)
        {
            var kept = _kept.narrow(1, feature, features);
            products.add_(Product(kept.index_select(0, rows), kept));
            return;
        }

        var (points, centre) = (_points.narrow(1, feature, features), _centre.narrow(0, feature, features));
        var own = Centred(points.index_select(0, rows), centre).to(_precision.Type);
        foreach (var (from, count) in DataPoints.Pieces(_points.shape[0], features))
        {
            using var piece = NewDisposeScope();
            var others = Centred(points.narrow(0, from, count), centre).to(_precision.Type);
            products.narrow(1, from, count).add_(Product(own, others));
        }
    }

    private Tensor Product(Tensor rows, Tensor columns)
    {
        if (_precision.Chunk >= rows.shape[1]) return rows.mm(columns.t());
        Tensor? products = null;
        for (var feature = 0L; feature < rows.shape[1]; feature += _precision.Chunk)
        {
            var width = Math.Min(_precision.Chunk, rows.shape[1] - feature);
            var (left, right) = (rows.narrow(1, feature, width), columns.narrow(1, feature, width).t());
            products = products?.addmm_(left, right) ?? left.mm(right);
        }

        return products!;
    }

    private Tensor Squared(int from, int count)
    {
        using var scope = NewDisposeScope();
        return Centred(_points.narrow(0, from, count), _centre).to(ScalarType.Float64).square().sum(1L).MoveToOuterDisposeScope();
    }

    private Tensor Centred(Tensor points, Tensor centre) =>
        _precision.Type == ScalarType.Float64
            ? points.to(ScalarType.Float64).sub(centre.to(ScalarType.Float64)).mul_(_scale)
            : points.sub(centre).mul_(_scale).to(ScalarType.Float32);
}
