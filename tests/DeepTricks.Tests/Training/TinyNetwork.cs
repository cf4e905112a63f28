using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

/// <summary>Two dense layers with a tanh between, and dropout that draws from the default generator.</summary>
internal sealed class TinyNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Dense _first;
    private readonly Dense _second;

    internal TinyNetwork(long seed, double dropout = 0)
        : base(nameof(TinyNetwork))
    {
        Dropout = dropout;
        // Weights from a generator of their own: tests run side by side.
        using var generator = new Generator((ulong)seed);
        _first = new(6, 8, generator);
        _second = new(8, 3, generator);
        register_module("first", _first);
        register_module("second", _second);
    }

    /// <summary>The part of the hidden units that is left out in training; drawn from the default generator.</summary>
    internal double Dropout { get; set; }

    public override Tensor forward(Tensor input)
    {
        var hidden = _first.call(input).tanh();
        if (training && Dropout > 0)
            hidden = hidden * (rand_like(hidden) > Dropout).to(ScalarType.Float32);
        return _second.call(hidden);
    }

    private sealed class Dense : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter _weight;
        private readonly Parameter _bias;

        internal Dense(int inputs, int outputs, Generator generator)
            : base(nameof(Dense))
        {
            _weight = new(randn([outputs, inputs], generator: generator) / Math.Sqrt(inputs));
            _bias = new(zeros(outputs));
            register_parameter("weight", _weight);
            register_parameter("bias", _bias);
        }

        public override Tensor forward(Tensor input) => input.matmul(_weight.t()) + _bias;
    }
}
