using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Random numbers: drawn in the shape of a tensor, or in place.
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => aten("bernoulli", this, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => aten_("bernoulli_.float", this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => aten_("bernoulli_.Tensor", this, p, generator);
        public Tensor binomial(Tensor prob, Generator? generator = null) => aten("binomial", this, prob, generator);
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) => aten_("cauchy_", this, median, sigma, generator);
        public Tensor exponential_(double lambda = 1, Generator? generator = null) => aten_("exponential_", this, lambda, generator);
        public Tensor geometric_(double p, Generator? generator = null) => aten_("geometric_", this, p, generator);
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) => aten_("log_normal_", this, mean, std, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            aten("multinomial", this, num_samples, replacement, generator);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => aten_("normal_", this, mean, std, generator);
        public Tensor poisson(Generator? generator = null) => aten("poisson", this, generator);
        public Tensor random_(double from, double to, Generator? generator = null) => aten_("random_.from", this, (long)from, (long)to, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => aten_("uniform_", this, from, to, generator);
    }
}
