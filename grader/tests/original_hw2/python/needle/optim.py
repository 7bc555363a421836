"""Optimizers whose state are arrays, by the number of the parameter or by its id."""

import needle as ndl
import numpy as np


class Optimizer:
    def __init__(self, params):
        self.params = params

    def step(self):
        raise NotImplementedError

    def reset_grad(self):
        for p in self.params:
            p.grad = None


class SGD(Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.0, weight_decay=0.0):
        super().__init__(params)
        self.lr = lr
        self.momentum = momentum
        self.u = {}
        self.weight_decay = weight_decay

    def step(self):
        for i, param in enumerate(self.params):
            if param.grad is None:
                continue
            grad = ndl.Tensor(param.grad.numpy(), dtype=param.dtype).data
            grad = grad + self.weight_decay * param.data
            old = self.u.get(i, ndl.init.zeros_like(param))
            self.u[i] = self.momentum * old + (1 - self.momentum) * grad
            param.data = param.data - self.lr * self.u[i]


class Adam(Optimizer):
    def __init__(
        self, params, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0
    ):
        super().__init__(params)
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.weight_decay = weight_decay
        self.t = 0
        self.m = {}
        self.v = {}

    def step(self):
        self.t += 1
        for param in self.params:
            if param.grad is None:
                continue
            key = id(param)
            theta = param.numpy()
            grad = param.grad.numpy() + self.weight_decay * theta
            self.m[key] = self.beta1 * self.m.get(key, 0) + (1 - self.beta1) * grad
            self.v[key] = self.beta2 * self.v.get(key, 0) + (1 - self.beta2) * grad**2
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            v_hat = self.v[key] / (1 - self.beta2**self.t)
            theta = theta - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            param.data = ndl.Tensor(theta, dtype=param.dtype)
