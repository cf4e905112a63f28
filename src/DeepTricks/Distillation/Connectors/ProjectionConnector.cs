using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Brings vectors, tokens or maps to any other shape of these: a 1 × 1 convolution for the channels, a normalisation, and averaging or bilinear interpolation for the places.
/// The names are those of clovaai/overhaul-distillation: <c>0</c> for the convolution, <c>1</c> for the normalisation.
/// </summary>
internal sealed class ProjectionConnector : nn.Module<Tensor, Tensor>
{
    // Names that start with a digit are no field's.
    private readonly (Conv2d Project, BatchNorm2d? Norm) _layers;
    private readonly ConnectorShape _student, _teacher;
    private readonly bool _relu;

    internal ProjectionConnector(ConnectorShape student, ConnectorShape teacher, ConnectorOptions options, Generator? generator)
        : base(nameof(ProjectionConnector))
    {
        (_student, _teacher, _relu) = (student, teacher, options.Relu);
        var project = nn.Conv2d(student.Channels, teacher.Channels, 1, bias: !options.Normalized);
        if (options.Normalized)
        {
            Layers.KaimingNormal(project, nn.init.FanInOut.FanOut, generator);
        }
        else
        {
            ConnectorLayers.Drawn(project, generator);
        }

        _layers = (project, options.Normalized ? nn.BatchNorm2d(teacher.Channels) : null);
        register_module("0", project);
        if (_layers.Norm is { } norm)
        {
            register_module("1", norm);
        }
    }

    public override Tensor forward(Tensor input)
    {
        Check(input);
        using var scope = NewDisposeScope();
        var map = AsMap(input, out var leading);
        // Fewer places are projected where they are averaged first: both are linear, and the normalisation sees what is compared.
        var (shrunk, projected) = (Averaged(map), leading is null ? null : Projected(leading));
        var output = Enlarged(Projected(shrunk));
        return FromMap(output, projected).MoveToOuterDisposeScope();
    }

    private Tensor Projected(Tensor map)
    {
        var projected = _layers.Project.call(map);
        projected = _layers.Norm?.call(projected) ?? projected;
        return _relu ? projected.relu() : projected;
    }

    private Tensor Averaged(Tensor map)
    {
        long[] size = [Math.Min(map.shape[2], _teacher.Height), Math.Min(map.shape[3], _teacher.Width)];
        return map.shape[2] == size[0] && map.shape[3] == size[1] ? map : nn.functional.adaptive_avg_pool2d(map, size);
    }

    private Tensor Enlarged(Tensor map) => map.shape[2] == _teacher.Height && map.shape[3] == _teacher.Width
        ? map
        : nn.functional.interpolate(map, [_teacher.Height, _teacher.Width], mode: InterpolationMode.Bilinear, align_corners: false);

    private Tensor AsMap(Tensor input, out Tensor? leading)
    {
        leading = null;
        if (!_student.IsTokens)
        {
            return _student.IsVector ? input.unsqueeze(-1).unsqueeze(-1) : input;
        }

        var channelsFirst = input.transpose(1, 2);
        if (_student.Leading > 0)
        {
            leading = channelsFirst.narrow(2, 0, _student.Leading).unsqueeze(2);
        }

        return channelsFirst.narrow(2, _student.Leading, _student.Tokens - _student.Leading).reshape(input.shape[0], _student.Channels, _student.Height, _student.Width);
    }

    private Tensor FromMap(Tensor map, Tensor? leading)
    {
        if (!_teacher.IsTokens)
        {
            return _teacher.IsVector ? map.flatten(1) : map;
        }

        var tokens = map.flatten(2);
        if (_teacher.Leading == 0)
        {
            return tokens.transpose(1, 2);
        }

        // A class token sees the whole image, and so does the mean of a map.
        var first = leading?.flatten(2) ?? tokens.mean([2], keepdim: true).expand(-1, -1, _teacher.Leading);
        return cat([first, tokens], 2).transpose(1, 2);
    }

    private void Check(Tensor input)
    {
        FeatureChecks.Floating(input, nameof(input));
        FeatureChecks.On(input, _layers.Project.weight, nameof(input));
        var fits = input.dim() == _student.Rank && _student.Rank switch
        {
            2 => input.shape[1] == _student.Channels,
            3 => input.shape[1] == _student.Tokens && input.shape[2] == _student.Channels,
            _ => input.shape[1] == _student.Channels && input.shape[2] > 0 && input.shape[3] > 0,
        };
        if (!fits)
        {
            throw new ArgumentException($"Expected features of shape {_student}; the shape is {input.ShapeText()}.", nameof(input));
        }
    }
}
